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
# What is to be mended; what is said to be mended waits for its recheck.
TO_MEND = frozenset({FaultState.OPEN, FaultState.ASSIGNED})
# What a run found gone, or asks about no longer.
OVER = frozenset({FaultState.RECHECKED, FaultState.LAPSED})


class JobStage(TextChoices):
    """What a run does at the moment, in this order."""

    CHECKING = "checking", _("Holding the data against the rules")
    LISTING = "listing", _("Listing the faults")
    KEEPING = "keeping", _("Keeping faults and counts")


class RunState(TextChoices):
    """Where a run over an area stands."""

    WAITING = "waiting", _("Waits to begin")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class LeadState(TextChoices):
    """Where a lead stands. What clears one needs a second person; nothing ends by itself but in the register."""

    OPEN = "open", _("To be looked into")
    CONFIRMED = "confirmed", _("Confirmed, to be corrected")
    REFERRED = "referred", _("Referred upward")
    CLEARING = "clearing", _("To be cleared, waits for the check")
    CLEARED = "cleared", _("Cleared")
    GONE = "gone", _("No longer found")


class LeadVerdict(TextChoices):
    """What somebody decides on a lead."""

    SAME = "same", _("It is so: to be corrected in the register")
    DIFFERENT = "different", _("It is not so: different persons or households")
    PERMITTED = "permitted", _("It is so and permitted")
    REFER = "refer", _("Refer upward")


class Reopened(TextChoices):
    """Why a lead that was decided, or over, is open again."""

    NO = "", _("not reopened")
    FACTS = "facts", _("What it rests on has changed since the decision")
    AGAIN = "again", _("Found again after it was gone")


# A verdict -> the states it may be given in, and the one it leads to.
LEAD_MOVES: dict[LeadVerdict, tuple[frozenset[LeadState], LeadState]] = {
    LeadVerdict.SAME: (frozenset({LeadState.OPEN, LeadState.REFERRED}), LeadState.CONFIRMED),
    LeadVerdict.DIFFERENT: (
        frozenset({LeadState.OPEN, LeadState.REFERRED, LeadState.CONFIRMED}),
        LeadState.CLEARING,
    ),
    LeadVerdict.PERMITTED: (
        frozenset({LeadState.OPEN, LeadState.REFERRED, LeadState.CONFIRMED}),
        LeadState.CLEARING,
    ),
    LeadVerdict.REFER: (frozenset({LeadState.OPEN}), LeadState.REFERRED),
}
# Verdicts that end a lead without anything changing in the register.
CLEARS = frozenset({LeadVerdict.DIFFERENT, LeadVerdict.PERMITTED})
# What still waits for somebody.
LEADS_WAITING = frozenset({LeadState.OPEN, LeadState.REFERRED, LeadState.CLEARING, LeadState.CONFIRMED})
