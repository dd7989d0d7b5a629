"""What is wrong with how a pack extends another."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from lika.core.language import listed
from lika.engine.errors import ExpressionError
from lika.policy.packs.faults.base import Fault, Place, kind_word, nearest
from lika.policy.packs.faults.engine import spoken


def base_missing(place: Place, reference: str, known: Iterable[str]) -> Fault:
    return Fault(
        "POL-030",
        place,
        _("There is no pack %(reference)s to extend.") % {"reference": reference},
        nearest=nearest(reference, known),
    )


def base_refused(place: Place, reference: str) -> Fault:
    return Fault(
        "POL-031", place, _("The pack %(reference)s has faults itself; check it first.") % {"reference": reference}
    )


def circle(place: Place, path: Iterable[str]) -> Fault:
    return Fault("POL-032", place, _("Packs extend each other in a circle: %(path)s.") % {"path": " → ".join(path)})


def override_of_nothing(place: Place, kind: str, item_id: str, known: Iterable[str]) -> Fault:
    return Fault(
        "POL-033",
        place,
        _("override: true, but no %(kind)s %(id)s is inherited.") % {"kind": kind_word(kind), "id": item_id},
        nearest=nearest(item_id, known),
    )


def override_not_said(place: Place, kind: str, item_id: str, origin: str) -> Fault:
    return Fault(
        "POL-034",
        place,
        _("The %(kind)s %(id)s is inherited from %(origin)s.")
        % {"kind": kind_word(kind), "id": item_id, "origin": origin},
        expected=_("override: true with the clause that allows it, or another id"),
    )


def override_changes_unit(place: Place, item_id: str, unit: str) -> Fault:
    return Fault(
        "POL-035",
        place,
        _("%(id)s is about another unit than the inherited one.") % {"id": item_id},
        expected=unit,
    )


def remove_of_nothing(place: Place, kind: str, item_id: str, known: Iterable[str]) -> Fault:
    return Fault(
        "POL-036",
        place,
        _("No %(kind)s %(id)s is inherited that could be removed.") % {"kind": kind_word(kind), "id": item_id},
        nearest=nearest(item_id, known),
    )


def local_level(place: Place, item_id: str, levels: Iterable[str]) -> Fault:
    return Fault(
        "POL-038",
        place,
        _("%(id)s may not be set at the level of this pack.") % {"id": item_id},
        expected=listed(levels),
    )


def local_bounds(place: Place, item_id: str, origin: str, bounds: str) -> Fault:
    return Fault(
        "POL-039",
        place,
        _("The value of %(id)s lies outside what %(origin)s allows.") % {"id": item_id, "origin": origin},
        expected=bounds,
    )


def inherited_fails(place: Place, criterion: str, error: ExpressionError) -> Fault:
    return Fault(
        "POL-037",
        place,
        _("The inherited criterion %(id)s no longer holds: %(problem)s")
        % {"id": criterion, "problem": f"{error.code} {spoken(error)}"},
    )
