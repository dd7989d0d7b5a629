"""What is wrong with a procedure: its stages, their order, who acts and signs, what it does in the end."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from lika.core.language import listed
from lika.policy.packs.faults.base import Fault, Place, nearest


def purpose_of_other_unit(place: Place, unit: str, known: Iterable[str]) -> Fault:
    return Fault(
        "POL-090",
        place,
        _("No procedure for this purpose decides on %(unit)s.") % {"unit": unit},
        expected=listed(known),
    )


def stage_twice(place: Place, stage: str) -> Fault:
    return Fault("POL-091", place, _("The stage %(id)s stands here twice.") % {"id": stage}, expected=_("another id"))


def procedure_without_end(place: Place, procedure: str, kinds: Iterable[str]) -> Fault:
    return Fault(
        "POL-092",
        place,
        _("%(id)s does not come to an end: cases would stay at its last stage.") % {"id": procedure},
        expected=_("a last stage of one of these kinds: %(kinds)s") % {"kinds": listed(kinds)},
    )


def stage_lacking(place: Place, procedure: str, kinds: Iterable[str]) -> Fault:
    return Fault(
        "POL-093",
        place,
        _("%(id)s changes a status without every stage that this needs.") % {"id": procedure},
        expected=_("before its one announcement a stage of each of these kinds: %(kinds)s") % {"kinds": listed(kinds)},
    )


def stage_after_announcement(place: Place, stage: str, kinds: Iterable[str]) -> Fault:
    return Fault(
        "POL-094",
        place,
        _("The stage %(id)s stands behind the announcement, when all is decided.") % {"id": stage},
        expected=_("a place before it; behind it only: %(kinds)s") % {"kinds": listed(kinds)},
    )


def stage_not_optional(place: Place, stage: str, kinds: Iterable[str]) -> Fault:
    return Fault(
        "POL-095",
        place,
        _("The stage %(id)s can be left out by nobody.") % {"id": stage},
        expected=_("optional only for: %(kinds)s") % {"kinds": listed(kinds)},
    )


def body_elsewhere(place: Place, body: str, level: str, known: Iterable[str]) -> Fault:
    return Fault(
        "POL-096",
        place,
        _("%(body)s does not act at the level %(level)s.") % {"body": body, "level": level},
        expected=listed(known),
    )


def level_skipped(place: Place, stage: str, known: Iterable[str]) -> Fault:
    return Fault(
        "POL-097",
        place,
        _("The stage %(id)s breaks the order of levels: each follows the one below, none is passed over.")
        % {"id": stage},
        expected=listed(known),
    )


def return_not_earlier(place: Place, stage: str, known: Iterable[str]) -> Fault:
    known = list(known)
    return Fault(
        "POL-098",
        place,
        _("%(id)s is no earlier stage, so nothing can be sent back to it.") % {"id": stage},
        expected=listed(known) or _("no return from the first stage"),
        nearest=nearest(stage, known),
    )


def slots_wrong(place: Place, stage: str, known: Iterable[str]) -> Fault:
    return Fault(
        "POL-099",
        place,
        _("The signatures of the stage %(id)s: each slot once, at the level of the stage.") % {"id": stage},
        expected=listed(known),
    )


def posting_incomplete(place: Place, stage: str) -> Fault:
    return Fault(
        "POL-100",
        place,
        _("The stage %(id)s is not posted as a notice or announcement is.") % {"id": stage},
        expected=_("a notice: places, days and day_kind; an announcement: places; any other stage: none of them"),
    )


def parameter_unfit(place: Place, name: str, wanted: str, known: Iterable[str]) -> Fault:
    return Fault(
        "POL-101",
        place,
        _("%(name)s is no parameter of this pack of the type that the stage asks for.") % {"name": name},
        expected=wanted,
        nearest=nearest(name, known),
    )


def criterion_of_guard_unknown(place: Place, name: str, unit: str, known: Iterable[str]) -> Fault:
    known = list(known)
    return Fault(
        "POL-102",
        place,
        _("There is no criterion %(id)s about the unit %(unit)s in this pack.") % {"id": name, "unit": unit},
        expected=listed(known),
        nearest=nearest(name, known),
    )


def effect_illegal(place: Place, procedure: str, wanted: str) -> Fault:
    return Fault(
        "POL-103",
        place,
        _("The effect of %(id)s is no move that the register knows for this purpose.") % {"id": procedure},
        expected=wanted,
    )


def strike_out_too_late(place: Place, stage: str) -> Fault:
    return Fault(
        "POL-104",
        place,
        _("Nothing is struck out at the stage %(id)s: all is decided there.") % {"id": stage},
        expected=_("strike_out before the announcement"),
    )


def inherited_procedure_fails(place: Place, procedure: str, name: str) -> Fault:
    return Fault(
        "POL-105",
        place,
        _("The inherited procedure %(id)s needs %(name)s, which this pack takes out or declares otherwise.")
        % {"id": procedure, "name": name},
        expected=_("the procedure removed or replaced too"),
    )


def stage_value_unfit(place: Place, name: str) -> Fault:
    return Fault(
        "POL-107",
        place,
        _("A procedure takes its days or its quorum from %(name)s, and this value is none.") % {"name": name},
        expected=_("days: 1 or more; a quorum: over 0, at most 1"),
    )
