"""States of a fault of data, and who may move it where."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FaultState(TextChoices):
    """Where a fault stands. Only a recheck ends it; nothing that a person says does."""

    OPEN = "open", _("To be assigned")
    ASSIGNED = "assigned", _("Assigned")
    FIXED = "fixed", _("Said to be mended")
    EXPLAINED = "explained", _("Explained")
    RECHECKED = "rechecked", _("Mended and rechecked")
    LAPSED = "lapsed", _("The rule holds no longer")


# verb -> the states it begins with, and the one it leads to.
MOVES: dict[str, tuple[frozenset[FaultState], FaultState]] = {
    "assign": (
        frozenset({FaultState.OPEN, FaultState.ASSIGNED, FaultState.FIXED, FaultState.EXPLAINED}),
        FaultState.ASSIGNED,
    ),
    "fix": (frozenset({FaultState.OPEN, FaultState.ASSIGNED}), FaultState.FIXED),
    "explain": (frozenset({FaultState.OPEN, FaultState.ASSIGNED, FaultState.FIXED}), FaultState.EXPLAINED),
}
# What still waits for somebody.
WAITING = frozenset({FaultState.OPEN, FaultState.ASSIGNED, FaultState.FIXED})
# What a run found gone, or asks about no longer.
OVER = frozenset({FaultState.RECHECKED, FaultState.LAPSED})
