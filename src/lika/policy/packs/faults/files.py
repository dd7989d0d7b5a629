"""What is wrong with a file before anything of it can be read: names, UTF-8, YAML."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from lika.core.language import listed
from lika.policy.packs.faults.base import Fault, Place


def not_yaml(place: Place, problem: str) -> Fault:
    return Fault("POL-002", place, _("This is not YAML: %(problem)s.") % {"problem": problem.rstrip(".")})


def not_plain(place: Place) -> Fault:
    return Fault(
        "POL-003",
        place,
        _("Anchors, merges and keys other than words are not used in packs."),
        expected=_("plain YAML"),
    )


def double_key(place: Place, key: str) -> Fault:
    return Fault("POL-004", place, _("The key %(key)s stands here twice.") % {"key": key})


def odd_scalar(place: Place, text: str) -> Fault:
    return Fault(
        "POL-005",
        place,
        _("%(text)s can be read in two ways.") % {"text": text},
        expected=_("a number like 2736.10, a date like 2016-12-31, or text in quotes"),
    )


def too_deep(place: Place) -> Fault:
    return Fault("POL-002", place, _("This is not YAML of a pack: it is nested too deep."))


def no_such_day(place: Place, text: str) -> Fault:
    return Fault("POL-024", place, _("There is no day %(text)s.") % {"text": text}, expected="2016-12-31")


def not_utf_8(place: Place) -> Fault:
    return Fault("POL-025", place, _("The file is not UTF-8 text."), expected=_("a file saved as UTF-8"))


def file_empty(place: Place) -> Fault:
    return Fault("POL-026", place, _("The file is empty."), expected=_("- id: …, or [] where there is nothing"))


def number_too_long(place: Place, digits: int) -> Fault:
    return Fault(
        "POL-027",
        place,
        _("This number is longer than any that can be used."),
        expected=_("at most %(digits)s digits") % {"digits": digits},
    )


def comma_in_number(place: Place, rest: str) -> Fault:
    return Fault(
        "POL-028",
        place,
        _("The comma in a number ends it: YAML reads on with %(rest)s.") % {"rest": rest},
        expected=_("numbers without commas, like 50000.00"),
    )


def file_missing(place: Place) -> Fault:
    return Fault("POL-006", place, _("The file is missing."))


def file_unknown(place: Place, known: Iterable[str]) -> Fault:
    return Fault("POL-007", place, _("No pack has such a file."), expected=listed(known))
