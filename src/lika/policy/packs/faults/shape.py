"""What is wrong with the fields of an item and with the pack's folder."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from lika.core.language import listed
from lika.policy.packs.faults.base import Fault, Place, nearest


def field_missing(place: Place, name: str) -> Fault:
    return Fault("POL-008", place, _("The field %(name)s is missing.") % {"name": name})


def field_unknown(place: Place, name: str, known: Iterable[str]) -> Fault:
    return Fault("POL-009", place, _("There is no field %(name)s here.") % {"name": name}, nearest=nearest(name, known))


def wrong_value(place: Place, name: str, expected: str) -> Fault:
    return Fault("POL-010", place, _("The value of %(name)s cannot be used.") % {"name": name}, expected=expected)


def wrong_choice(place: Place, name: str, value: str, known: Iterable[str]) -> Fault:
    known = list(known)
    return Fault(
        "POL-011",
        place,
        _("%(name)s cannot be %(value)s.") % {"name": name, "value": value},
        expected=listed(known),
        nearest=nearest(value, known),
    )


def wrong_folder(place: Place, pack_id: str, folder: str) -> Fault:
    return Fault(
        "POL-012",
        place,
        _("The pack is called %(id)s, but its folder is %(folder)s.") % {"id": pack_id, "folder": folder},
        expected=_("a folder path that ends with the id"),
    )
