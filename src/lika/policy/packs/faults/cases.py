"""What is wrong with golden cases, and what they show to be wrong."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from lika.core.language import listed
from lika.policy.packs.faults.base import Fault, Place, kind_word, nearest


def case_unknown_name(place: Place, kind: str, name: str, known: Iterable[str]) -> Fault:
    return Fault(
        "POL-040",
        place,
        _("There is no %(kind)s %(name)s in the resolved pack.") % {"kind": kind_word(kind), "name": name},
        nearest=nearest(name, known),
    )


def case_other_unit(place: Place, criterion: str, unit: str) -> Fault:
    return Fault(
        "POL-041",
        place,
        _("The criterion %(id)s is about another unit than the case.") % {"id": criterion},
        expected=unit,
    )


def case_wrong(place: Place, criterion: str, engines: Iterable[str], expected: str, found: str) -> Fault:
    return Fault(
        "POL-042",
        place,
        _("%(id)s is %(found)s (engine: %(engines)s).") % {"id": criterion, "found": found, "engines": listed(engines)},
        expected=expected,
    )


def case_lacking(place: Place, criterion: str, verdicts: Iterable[str]) -> Fault:
    return Fault(
        "POL-043",
        place,
        _("No golden case shows %(id)s: %(verdicts)s.") % {"id": criterion, "verdicts": listed(verdicts)},
        expected=_("a case for each verdict"),
    )


def never_contradicted(place: Place, criterion: str, verdict: str, case: str) -> Fault:
    return Fault(
        "POL-044",
        place,
        _("%(id)s is said never to be %(verdict)s, but the case %(case)s is.")
        % {"id": criterion, "verdict": verdict, "case": case},
        expected=_("never without that verdict"),
    )
