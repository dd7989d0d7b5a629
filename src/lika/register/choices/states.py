"""States of yearly rows and the three status axes (DESIGN §5, DOMAIN §5.0)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class YearState(TextChoices):
    """A yearly row moves draft -> confirmed -> locked; a locked row changes only by correction."""

    DRAFT = "draft", _("Draft")
    CONFIRMED = "confirmed", _("Confirmed")
    LOCKED = "locked", _("Locked")


class UnitKind(TextChoices):
    """What a status belongs to."""

    HOUSEHOLD = "household", _("Household")
    VILLAGE = "village", _("Village")
    COUNTY = "county", _("County")


class Axis(TextChoices):
    """The three independent axes of status."""

    POVERTY = "poverty", _("Poverty")
    MONITORING = "monitoring", _("Monitoring")
    POOR_AREA = "poor_area", _("Poor-area status")


class PovertyStatus(TextChoices):
    """CL-POVSTAT. 未建档 is a state too: a household may be in the register without being poor."""

    NONE = "00", _("Not registered as poor")
    IDENTIFIED = "10", _("Newly identified")
    POOR = "20", _("Still poor")
    PLANNED = "21", _("Planned to exit this year")
    EXITED = "30", _("Exited")
    RETURNED = "40", _("Returned to poverty")
    REMOVED = "90", _("Removed")


class MonitoringStatus(TextChoices):
    """CL-MONCLASS."""

    NONE = "0", _("Not monitored")
    UNSTABLE = "1", _("Unstable exited household")
    MARGINAL = "2", _("Marginal household at risk")
    SUDDEN = "3", _("Household in sudden severe difficulty")
    CLEARED = "8", _("Risk cleared")


class PoorAreaStatus(TextChoices):
    """CL-POORAREA, for villages and counties."""

    NONE = "0", _("Not a poor area")
    POOR = "1", _("Poor area")
    EXITED = "3", _("No longer a poor area")


# The moves that DOMAIN §5.0 allows on the poverty axis: from -> to.
POVERTY_MOVES: dict[str, frozenset[str]] = {
    PovertyStatus.NONE: frozenset({PovertyStatus.IDENTIFIED}),
    PovertyStatus.IDENTIFIED: frozenset({PovertyStatus.POOR, PovertyStatus.REMOVED}),
    PovertyStatus.POOR: frozenset({PovertyStatus.PLANNED, PovertyStatus.REMOVED}),
    PovertyStatus.PLANNED: frozenset({PovertyStatus.EXITED, PovertyStatus.POOR}),
    PovertyStatus.EXITED: frozenset({PovertyStatus.RETURNED, PovertyStatus.REMOVED}),
    PovertyStatus.RETURNED: frozenset({PovertyStatus.PLANNED, PovertyStatus.REMOVED}),
    PovertyStatus.REMOVED: frozenset({PovertyStatus.IDENTIFIED}),
}
# A monitored household keeps its class or changes it until the risk is cleared; it may come back (DOMAIN §3.24).
_MONITORED = frozenset({MonitoringStatus.UNSTABLE, MonitoringStatus.MARGINAL, MonitoringStatus.SUDDEN})
MONITORING_MOVES: dict[str, frozenset[str]] = {
    MonitoringStatus.NONE: _MONITORED,
    **{status: _MONITORED - {status} | {MonitoringStatus.CLEARED} for status in _MONITORED},
    MonitoringStatus.CLEARED: _MONITORED,
}
POOR_AREA_MOVES: dict[str, frozenset[str]] = {
    PoorAreaStatus.NONE: frozenset({PoorAreaStatus.POOR}),
    PoorAreaStatus.POOR: frozenset({PoorAreaStatus.EXITED}),
    PoorAreaStatus.EXITED: frozenset({PoorAreaStatus.POOR}),
}
MOVES: dict[str, dict[str, frozenset[str]]] = {
    Axis.POVERTY: POVERTY_MOVES,
    Axis.MONITORING: MONITORING_MOVES,
    Axis.POOR_AREA: POOR_AREA_MOVES,
}
# Yearly rows only go forward.
YEAR_MOVES: dict[str, str] = {YearState.DRAFT: YearState.CONFIRMED, YearState.CONFIRMED: YearState.LOCKED}
# Statuses that count as poor wherever the poor are counted.
STILL_POOR: frozenset[str] = frozenset(
    {PovertyStatus.IDENTIFIED, PovertyStatus.POOR, PovertyStatus.PLANNED, PovertyStatus.RETURNED}
)
