"""A change that a comparison with another system suggests: what its form begins with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lika.accounts.queries import UserActor
from lika.collection.choices import Difference
from lika.collection.exporting import comparisons
from lika.collection.exporting.comparing import Differing
from lika.collection.findings import field_label
from lika.collection.models import Comparison
from lika.engine.schema import CodeList
from lika.register import queries as register
from lika.register.choices import ChangeKind, Subject, lists
from lika.register.queries import HouseholdView

# Values that a comparison keeps masked: they are entered anew, from the paper.
_MASKED = frozenset({"phone", "address", "bank_account"})
_LISTS: Mapping[str, CodeList] = {
    "attribute": lists.HOUSEHOLD_ATTRIBUTE, "ethnicity": lists.ETHNIC, "relation": lists.RELATION,
}  # fmt: skip
_SUBJECTS = {"household_years": Subject.HOUSEHOLD_YEAR, "persons": Subject.PERSON_YEAR}


@dataclass(frozen=True)
class Suggested:
    """A difference in words, with the values that the form of a change begins with."""

    system: str
    field: str
    ours: str
    theirs: str
    initial: Mapping[str, Any]


def suggested(who: UserActor, household: HouseholdView, kind: str, given: Mapping[str, str]) -> Suggested | None:
    """What `?comparison=` (id) and `?line=` of an address suggest for a household; None where they name nothing of it.

    Raises ACC-001, COL-056 (not the reader's own), COL-057 (no longer kept).
    """
    try:
        key, at = UUID(given.get("comparison", "")), int(given.get("line", ""))
    except ValueError:
        return None
    comparison = comparisons.own(who, key)
    found = comparisons.differences(comparison)
    each = found[at] if 0 <= at < len(found) else None
    if each is None or each.household != household.number or each.kind != Difference.VALUE:
        return None
    reason = _("Differs from %(system)s, data of %(year)s") % {
        "system": comparison.profile, "year": comparison.data_year,
    }  # fmt: skip
    return Suggested(
        comparison.profile,
        field_label(each.sheet, each.field),
        each.ours,
        each.theirs,
        {"reason": reason} | _values(who, household, kind, comparison, each),
    )


def _values(
    who: UserActor, household: HouseholdView, kind: str, comparison: Comparison, each: Differing
) -> dict[str, Any]:
    if kind == ChangeKind.YEAR and each.sheet in _SUBJECTS:
        subject = _SUBJECTS[each.sheet]
        rows = [
            row
            for row in register.locked_years(by=who, household=household.id)
            if (row.subject, row.data_year, row.person) == (subject, comparison.data_year, each.person)
        ]
        row = f"{subject}:{rows[0].id}" if len(rows) == 1 else ""
        return {"row": row, "field": f"{subject}:{each.field}", "value": each.theirs}
    if kind != ChangeKind.CORRECT:
        return {}
    named = [member for member in household.members if member.is_open and member.name == each.person]
    person = {"person": str(named[0].id)} if len(named) == 1 else {}
    return person if each.field in _MASKED else person | {each.field: _entered(each)}


def _entered(each: Differing) -> str:
    """The value as the form takes it: of a list its code."""
    known = _LISTS.get(each.field)
    if known is None:
        return each.theirs
    return next((item.code for item in known.items if each.theirs in (item.zh, item.en)), "")
