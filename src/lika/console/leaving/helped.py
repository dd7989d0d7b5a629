"""Pairing: coverage, households without a helper, pairings, helpers of units, proposals."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lika.accounts.places import place_asked
from lika.accounts.queries import UserActor, names_of
from lika.assistance.models import Helper, HelpingUnit, Pairing, Proposal
from lika.assistance.queries import pairing as reads
from lika.assistance.queries import proposals as proposal_reads
from lika.assistance.queries import units as unit_reads
from lika.assistance.queries.pairing import Coverage
from lika.assistance.views.common import id_of as id_given
from lika.console.leaving.reading import places_of, text, told
from lika.console.names import place_name
from lika.core.areas import Area
from lika.core.leaving import Field, Kind, Personal, Row, in_blocks
from lika.core.leaving.files import BLOCK
from lika.core.permissions import Permission
from lika.divisions.models import Division
from lika.register import queries as register
from lika.register.choices import PovertyStatus
from lika.register.models import Household
from lika.reports.leaving import LeavingList, Reading

_DIVISION = Field("division", gettext_lazy("Division"), width=24)
_COVERAGE = (
    _DIVISION,
    Field("households", gettext_lazy("Registered households"), Kind.WHOLE),
    Field("paired", gettext_lazy("With a helper"), Kind.WHOLE),
    Field("unpaired", gettext_lazy("Without a helper"), Kind.WHOLE),
    Field("exited", gettext_lazy("Exited"), Kind.WHOLE),
    Field("exited_paired", gettext_lazy("Exited, with a helper"), Kind.WHOLE),
)
_HOUSEHOLD = (
    Field("head", gettext_lazy("Head"), personal=Personal.NAME),
    Field("number", gettext_lazy("Household number"), width=22),
    Field("village", gettext_lazy("Village"), width=40),
    Field("members", gettext_lazy("Members"), Kind.WHOLE, width=8),
    Field("status", gettext_lazy("Poverty status")),
)
_PAIRING = (
    *_HOUSEHOLD,
    Field("helper", gettext_lazy("Helper")),
    Field("title", gettext_lazy("Post held"), width=20),
    Field("unit", gettext_lazy("Helping unit"), width=32),
    Field("since", gettext_lazy("Paired since"), Kind.DAY),
)
_HELPER = (
    Field("helper", gettext_lazy("Helper")),
    Field("title", gettext_lazy("Post held"), width=20),
    Field("rank", gettext_lazy("Rank of the official")),
    Field("unit", gettext_lazy("Helping unit"), width=32),
    Field("affiliation", gettext_lazy("Affiliation")),
    Field("households", gettext_lazy("Households"), Kind.WHOLE),
    Field("since", gettext_lazy("Helper since"), Kind.DAY),
)
_PROPOSAL = (
    Field("proposed_on", gettext_lazy("Day of the proposal"), Kind.DAY),
    _DIVISION,
    Field("reason", gettext_lazy("Reason"), width=40),
    Field("changes", gettext_lazy("Changes"), Kind.WHOLE),
    Field("proposed_by", gettext_lazy("Who proposed it")),
    Field("state", gettext_lazy("State")),
)


def _place(who: UserActor, given: QueryDict) -> Division:
    return place_asked(who, Permission.PAIRING_VIEW, text(given, "division"))


def _coverage(who: UserActor, given: QueryDict) -> Reading:
    place = _place(who, given)
    lines = reads.coverage(who, place)
    return Reading(
        fields=_COVERAGE,
        total=len(lines),
        rows=lambda _personal: map(_covered, lines),
        division=place.code,
    )


def _covered(line: Coverage) -> Row:
    return {
        "division": place_name(line.division.name),
        "households": line.households,
        "paired": line.paired,
        "unpaired": line.unpaired,
        "exited": line.exited,
        "exited_paired": line.exited_paired,
    }


def _unpaired(who: UserActor, given: QueryDict) -> Reading:
    place = _place(who, given)
    found = reads.unpaired(who, Area.of([place.code]))
    return Reading(
        fields=_HOUSEHOLD,
        total=found.count(),
        rows=lambda _personal: _household_rows(who, found),
        division=place.code,
    )


def _household_rows(who: UserActor, found: QuerySet[Household]) -> Iterator[Row]:
    year = register.latest_year(who)
    for block in in_blocks(found.values_list("pk", flat=True).iterator(chunk_size=BLOCK)):
        rows = register.rows_of(found.filter(pk__in=block), by=who, year=year)
        places = places_of({row.village for row in rows})
        for row in rows:
            yield {
                "head": row.head,
                "number": row.number,
                "village": places[row.village],
                "members": row.members,
                "status": str(PovertyStatus(row.poverty_status).label),
            }


def _pairings(who: UserActor, given: QueryDict) -> Reading:
    place = _place(who, given)
    unit, helper = id_given(text(given, "unit")), id_given(text(given, "helper"))
    found = reads.pairings(who, Area.of([place.code]), unit=unit, helper=helper)
    filters = []
    if unit is not None:
        named = unit_reads.units(who).filter(pk=unit).values_list("name", flat=True).first()
        filters.append(told(_("Helping unit"), named or ""))
    if helper is not None:
        one = unit_reads.helpers(who).filter(pk=helper).values_list("official__name", flat=True).first()
        filters.append(told(_("Helper"), one or ""))
    return Reading(
        fields=_PAIRING,
        total=found.count(),
        rows=lambda _personal: _pairing_rows(who, found),
        division=place.code,
        filters=filters,
        asked={"unit": str(unit or ""), "helper": str(helper or "")},
    )


def _pairing_rows(who: UserActor, found: QuerySet[Pairing]) -> Iterator[Row]:
    for block in in_blocks(found.iterator(chunk_size=BLOCK)):
        heads = reads.heads_of(who, [each.household_id for each in block])
        places = places_of({each.household.village for each in block})
        for each in block:
            yield {
                "head": heads.get(each.household_id, ""),
                "number": each.household.number,
                "village": places[each.household.village],
                "members": each.household.members,
                "status": str(PovertyStatus(each.household.poverty_status).label),
                "helper": each.helper.official.name,
                "title": each.helper.title,
                "unit": each.helper.unit.name,
                "since": each.began_on,
            }


def _helpers(who: UserActor, _given: QueryDict) -> Reading:
    found = unit_reads.helpers(who).filter(ended_on=None)
    return Reading(fields=_HELPER, total=found.count(), rows=lambda _personal: map(_helper, found.iterator(BLOCK)))


def _helper(each: Helper) -> Row:
    unit: HelpingUnit = each.unit
    return {
        "helper": each.official.name,
        "title": each.title,
        "rank": each.get_rank_display(),
        "unit": unit.name,
        "affiliation": unit.get_affiliation_display(),
        "households": vars(each)["households"],
        "since": each.began_on,
    }


def _proposals(who: UserActor, _given: QueryDict) -> Reading:
    found = proposal_reads.waiting_first(proposal_reads.proposals(who))
    return Reading(fields=_PROPOSAL, total=found.count(), rows=lambda _personal: _proposal_rows(found))


def _proposal_rows(found: QuerySet[Proposal]) -> Iterator[Row]:
    for block in in_blocks(found.iterator(chunk_size=BLOCK)):
        places = places_of({each.number for each in block})
        names = names_of({each.proposed_by for each in block})
        for each in block:
            yield {
                "proposed_on": timezone.localdate(each.proposed_at),
                "division": places[each.number],
                "reason": each.reason,
                "changes": vars(each)["changes"],
                "proposed_by": names.get(each.proposed_by, each.proposed_by),
                "state": each.get_state_display(),
            }


COVERAGE = LeavingList(gettext_lazy("Coverage of pairing"), Permission.PAIRING_VIEW, _coverage)
UNPAIRED = LeavingList(gettext_lazy("Households without a helper"), Permission.PAIRING_VIEW, _unpaired, personal=True)
PAIRINGS = LeavingList(gettext_lazy("Pairings"), Permission.PAIRING_VIEW, _pairings, personal=True)
HELPERS = LeavingList(gettext_lazy("Helpers"), Permission.PAIRING_VIEW, _helpers)
PROPOSALS = LeavingList(gettext_lazy("Proposals of pairings"), Permission.PAIRING_VIEW, _proposals)
