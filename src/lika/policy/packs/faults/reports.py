"""What is wrong with a report: its figures, and what they are made of."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from lika.core.language import listed
from lika.engine.figures.parts import ADDED_UNITS
from lika.policy.packs.faults.base import Fault, Place, nearest


def figure_twice(place: Place, figure: str) -> Fault:
    return Fault("POL-108", place, _("The figure %(id)s stands here twice.") % {"id": figure}, expected=_("another id"))


def figure_not_added(place: Place, figure: str) -> Fault:
    return Fault(
        "POL-109",
        place,
        _("%(id)s is no count or sum that can be added up for every division.") % {"id": figure},
        expected=_("one count(…) or sum(…) over %(units)s") % {"units": listed(ADDED_UNITS)},
    )


def denominator_alone(place: Place, figure: str) -> Fault:
    return Fault(
        "POL-110",
        place,
        _("%(id)s divides nothing: it has a denominator and no numerator.") % {"id": figure},
        expected=_("both, or the numerator alone"),
    )


def inherited_report_fails(place: Place, report: str, code: str, reason: str) -> Fault:
    return Fault(
        "POL-111",
        place,
        _("The inherited report %(id)s no longer holds: %(reason)s") % {"id": report, "reason": f"{code} {reason}"},
        expected=_("the report removed or replaced too"),
    )


def case_of_lower_unit(place: Place, report: str, known: Iterable[str]) -> Fault:
    return Fault(
        "POL-112",
        place,
        _("A case for figures of %(id)s is about a division that holds the units counted.") % {"id": report},
        expected=listed(known),
    )


def overlap_of_nothing(place: Place, name: str, known: Iterable[str]) -> Fault:
    known = list(known)
    return Fault(
        "POL-113",
        place,
        _("%(id)s is no other criterion about households in this pack.") % {"id": name},
        expected=_("each criterion once"),
        nearest=nearest(name, known),
    )


def matrix_of_nothing(place: Place, name: str, known: Iterable[str]) -> Fault:
    return Fault(
        "POL-114",
        place,
        _("%(id)s is no code of households that is known of so many years earlier.") % {"id": name},
        expected=listed(known),
    )


def figure_made_too(place: Place, figure: str) -> Fault:
    return Fault(
        "POL-126",
        place,
        _("The overlap or matrix of this report makes a figure %(id)s of its own.") % {"id": figure},
        expected=_("another id"),
    )


def among_no_condition(place: Place, text: str) -> Fault:
    return Fault(
        "POL-127",
        place,
        _("%(text)s is no condition on households.") % {"text": text[:80]},
        expected=_("a condition such as poverty = 'poor'"),
    )
