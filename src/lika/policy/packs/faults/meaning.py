"""What is wrong with what an item says: ids, basis, values, lists, groups."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from lika.core.language import listed
from lika.policy.packs.faults.base import Fault, Place, kind_word, nearest


def double_id(place: Place, kind: str, item_id: str) -> Fault:
    return Fault(
        "POL-013", place, _("The %(kind)s %(id)s is declared twice.") % {"kind": kind_word(kind), "id": item_id}
    )


def basis_without_content(place: Place, item_id: str) -> Fault:
    return Fault(
        "POL-014",
        place,
        _("%(id)s has nothing to judge by.") % {"id": item_id},
        expected=_("content, or basis: missing with a note that says what the document does not give"),
    )


def basis_with_content(place: Place, item_id: str) -> Fault:
    return Fault(
        "POL-015",
        place,
        _("%(id)s says that its basis is missing and yet has content.") % {"id": item_id},
        expected=_("no content, or another basis"),
    )


def note_missing(place: Place, item_id: str) -> Fault:
    return Fault(
        "POL-016",
        place,
        _("%(id)s needs a note: what is read into the document, or what it does not give.") % {"id": item_id},
        expected="note",
    )


def demo_outside(place: Place, item_id: str) -> Fault:
    return Fault(
        "POL-017",
        place,
        _("%(id)s sets a demonstration value in a pack that is not for demonstration.") % {"id": item_id},
        expected=_("demo: true in pack.yaml, or another basis"),
    )


def value_does_not_fit(place: Place, item_id: str, expected: str) -> Fault:
    return Fault("POL-018", place, _("The value does not fit the type of %(id)s.") % {"id": item_id}, expected=expected)


def double_date(place: Place, item_id: str) -> Fault:
    return Fault("POL-019", place, _("%(id)s has two values from the same day.") % {"id": item_id})


def list_unknown(place: Place, list_id: str, known: Iterable[str]) -> Fault:
    return Fault(
        "POL-020", place, _("There is no code list %(id)s.") % {"id": list_id}, nearest=nearest(list_id, known)
    )


def group_unknown(place: Place, group: str, known: Iterable[str]) -> Fault:
    known = list(known)
    return Fault(
        "POL-021",
        place,
        _("There is no group %(id)s.") % {"id": group},
        expected=listed(known),
        nearest=nearest(group, known),
    )


def measure_fields(place: Place, item_id: str) -> Fault:
    return Fault(
        "POL-022",
        place,
        _("%(id)s: a measure, and only a measure, has a label and the source of its statistics.") % {"id": item_id},
        expected=_("label and statistic with kind: measure, neither with another kind"),
    )


def field_of_rule(place: Place, name: str, near: Iterable[str]) -> Fault:
    return Fault(
        "POL-029", place, _("A rule of quality points at %(name)s, which is no fact.") % {"name": name}, nearest=near
    )


def search_unanswered(place: Place, item_id: str, asked: Iterable[str]) -> Fault:
    return Fault(
        "POL-054",
        place,
        _("%(id)s does not name the parameters that its search asks for.") % {"id": item_id},
        expected=listed(list(asked)) or _("no parameters"),
    )


def search_answered_otherwise(place: Place, parameter: str, kind: str) -> Fault:
    return Fault(
        "POL-055",
        place,
        _("%(name)s is no parameter of this pack of the type that the search asks for.") % {"name": parameter},
        expected=kind,
    )


def amount_unknown(place: Place, name: str, near: Iterable[str]) -> Fault:
    return Fault("POL-056", place, _("%(name)s is no amount of money of a household.") % {"name": name}, nearest=near)


def name_taken(place: Place, name: str) -> Fault:
    return Fault("POL-023", place, _("The name %(name)s is taken.") % {"name": name}, expected=_("another name"))


def change_unknown(place: Place, kind: str, known: Iterable[str]) -> Fault:
    return Fault("POL-066", place, _("%(id)s is no kind of change.") % {"id": kind}, expected=listed(list(known)))


def evidence_unchecked(place: Place, kind: str) -> Fault:
    return Fault(
        "POL-067",
        place,
        _("%(id)s asks for evidence and for nobody who looks at it.") % {"id": kind},
        expected="checked: true",
    )


def account_above_unknown(place: Place, account: str, known: Iterable[str]) -> Fault:
    return Fault(
        "POL-068",
        place,
        _("%(id)s belongs to no national account.") % {"id": account},
        expected=_("parent: one of %(accounts)s, or an account of this pack below one of them")
        % {"accounts": listed(list(known))},
    )


def account_has_parent(place: Place, account: str) -> Fault:
    return Fault(
        "POL-069", place, _("%(id)s is a national account and belongs to no other.") % {"id": account}, expected="–"
    )
