"""What a proposal asks for, line by line, and what stands against it whoever agrees."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from lika.assistance.choices import HELPED
from lika.assistance.models import Helper, Pairing
from lika.assistance.queries.rules import PairingRules
from lika.assistance.queries.units import helpers
from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.errors import UserError
from lika.divisions.models import Division
from lika.register import queries as register
from lika.register.choices import PovertyStatus
from lika.register.models import Household

MOST_LINES = 2_000  # households of one proposal: a large township


@dataclass(frozen=True)
class Line:
    """One household: the helper that it gets, the pairing that ends, or both."""

    household: UUID
    helper: UUID | None = None
    ends: UUID | None = None


@dataclass(frozen=True)
class Wanted:
    """A line with its rows."""

    household: Household
    helper: Helper | None
    ends: Pairing | None


def wanted_lines(by: Actor, place: Division, lines: Sequence[Line]) -> list[Wanted]:
    """The rows of the lines. A household out of sight, a helper of elsewhere and a pairing that is over are refused."""
    if not 0 < len(set(lines)) <= MOST_LINES:
        raise UserError(
            "ASN-020",
            _("A proposal holds at least one household and not more than %(most)s.") % {"most": MOST_LINES},
            remedy=_("Choose households and helpers."),
            field="lines",
        )
    sought = register.households_visible_to(by).filter(
        Area.of([place.code]).where(), pk__in={x.household for x in lines}
    )
    households = {each.pk: each for each in sought}
    named = {line.helper for line in lines if line.helper is not None}
    known = {each.pk: each for each in helpers(by).filter(pk__in=named, ended_on=None, unit__ended_on=None)}
    ended = {line.ends for line in lines if line.ends is not None}
    holding = Pairing.objects.filter(pk__in=ended, ended_on=None).select_related("helper__official", "grant")
    pairings = {each.pk: each for each in holding}
    return [_line(line, households, known, pairings) for line in dict.fromkeys(lines)]


def _line(
    line: Line, households: Mapping[UUID, Household], known: Mapping[UUID, Helper], pairings: Mapping[UUID, Pairing]
) -> Wanted:
    household = households.get(line.household)
    if household is None:
        raise UserError(
            "ASN-022",
            _("A household does not stand here."),
            remedy=_("Choose households of the list."),
            field="lines",
        )
    helper = known.get(line.helper) if line.helper is not None else None
    if line.helper is not None and helper is None:
        raise no_such_helper(household)
    ends = pairings.get(line.ends) if line.ends is not None else None
    if line.ends is not None and (ends is None or ends.household_id != household.pk):
        raise no_such_pairing(household)
    return Wanted(household, helper, ends)


def refuse_over(wanted: Sequence[Wanted]) -> None:
    """ASN-023, ASN-024: a helper or a pairing that ended after it was proposed."""
    for line in wanted:
        if line.ends is not None and line.ends.ended_on is not None:
            raise no_such_pairing(line.household)
        if line.helper is not None and (line.helper.ended_on is not None or line.helper.unit.ended_on is not None):
            raise no_such_helper(line.household)


def refuse_lines(wanted: Sequence[Wanted], rules: PairingRules) -> None:
    """ASN-030 … ASN-034: what no agreement makes good. Looked at when proposed, and again when it takes effect."""
    holding = _holding({line.household.pk for line in wanted})
    ended = {line.ends.pk for line in wanted if line.ends is not None}
    by_household: dict[UUID, list[Wanted]] = {}
    for line in wanted:
        by_household.setdefault(line.household.pk, []).append(line)
    for key, of_it in by_household.items():
        kept = [pairing for pairing in holding.get(key, ()) if pairing.pk not in ended]
        _refuse_household(of_it, kept, rules)
    _refuse_loads(wanted, rules)


def _refuse_household(of_it: Sequence[Wanted], kept: Sequence[Pairing], rules: PairingRules) -> None:
    household = of_it[0].household
    coming = [line.helper for line in of_it if line.helper is not None]
    after = [*(pairing.helper_id for pairing in kept), *(helper.pk for helper in coming)]
    if coming and not _is_helped(household):
        raise against(
            "ASN-030",
            _("The household is not registered as poor or exited."),
            _("Leave it out: helpers are for registered households."),
            household,
        )
    if len(set(after)) < len(after):
        raise against(
            "ASN-031",
            _("This helper is paired with the household already."),
            _("Choose another helper, or leave the household out."),
            household,
        )
    if rules.most_helpers is not None and len(after) > rules.most_helpers:
        found = rules.per_household
        raise against(
            "ASN-032",
            _("The household would have %(helpers)s helpers, more than %(most)s.")
            % {"helpers": len(after), "most": rules.most_helpers},
            _("End the pairing that holds in the same proposal."),
            household,
            pack=f"{found.pack} {found.clause_ref}" if found else "",
        )
    if not after and _keeps_a_helper(household, rules):
        raise against(
            "ASN-033",
            _("The household would be left without a helper."),
            _("Name its next helper in the same proposal: pairing lasts, after exit too."),
            household,
        )


def _refuse_loads(wanted: Sequence[Wanted], rules: PairingRules) -> None:
    """ASN-034: more households than the rank of a helper takes."""
    coming = Counter(line.helper.pk for line in wanted if line.helper is not None)
    going = Counter(line.ends.helper_id for line in wanted if line.ends is not None)
    named = {line.helper.pk: line.helper for line in wanted if line.helper is not None}
    now = _loads(named)
    for key, helper in named.items():
        quota, after = rules.quota(helper.rank), now[key] + coming[key] - going[key]
        if quota is not None and after > quota:
            raise UserError(
                "ASN-034",
                _("%(helper)s would have %(households)s households; this rank takes %(quota)s.")
                % {"helper": helper.official.name, "households": after, "quota": quota},
                remedy=_("Choose a helper who takes more."),
                field="lines",
            )


def _holding(households: set[UUID]) -> dict[UUID, list[Pairing]]:
    found: dict[UUID, list[Pairing]] = {}
    for pairing in Pairing.objects.filter(household__in=households, ended_on=None):
        found.setdefault(pairing.household_id, []).append(pairing)
    return found


def _loads(named: Iterable[UUID]) -> Counter[UUID]:
    return Counter(Pairing.objects.filter(helper__in=list(named), ended_on=None).values_list("helper_id", flat=True))


def _is_helped(household: Household) -> bool:
    return household.closed_on is None and household.poverty_status in HELPED


def _keeps_a_helper(household: Household, rules: PairingRules) -> bool:
    """Whether a household may not be left alone: registered ones, exited ones too unless a pack says otherwise."""
    if not _is_helped(household):
        return False
    return rules.after_exit or household.poverty_status != PovertyStatus.EXITED


def against(code: str, message: str, remedy: str, household: Household, **where: str) -> UserError:
    """A refusal because of one household, named by its number."""
    return UserError(code, message, remedy=remedy, field="lines", household=household.number, **where)


def no_such_helper(household: Household) -> UserError:
    """ASN-023."""
    return against("ASN-023", _("There is no such helper here."), _("Choose one from the list of helpers."), household)


def no_such_pairing(household: Household) -> UserError:
    """ASN-024."""
    return against(
        "ASN-024",
        _("The pairing that is to end does not hold any more."),
        _("Look at the household's helpers again."),
        household,
    )
