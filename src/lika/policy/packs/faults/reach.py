"""What is wrong with the area and the days that a pack rules."""

from django.utils.translation import gettext as _

from lika.policy.packs.faults.base import Fault, Place


def validity_reversed(place: Place) -> Fault:
    return Fault("POL-045", place, _("The validity ends before it begins."), expected=_("a day not before from"))


def no_such_area(place: Place, code: str) -> Fault:
    return Fault(
        "POL-046",
        place,
        _("No division has the code %(code)s.") % {"code": code},
        expected=_("an official code, like '620000'"),
    )


def area_outside_base(place: Place, reference: str, area: str) -> Fault:
    return Fault(
        "POL-047",
        place,
        _("The jurisdiction lies outside that of %(reference)s, which this pack extends.") % {"reference": reference},
        expected=_("a division within %(area)s") % {"area": area},
    )


def validity_outside_base(place: Place, reference: str, days: str) -> Fault:
    return Fault(
        "POL-048",
        place,
        _("The pack is valid longer than %(reference)s, which it extends.") % {"reference": reference},
        expected=_("days within %(days)s") % {"days": days},
    )
