"""Pairings: proposed, passed, agreed, in effect as sight; who settles them; what stands against a line. 演示数据"""

import datetime as dt
from pathlib import Path

import pytest
from django.utils import timezone

from lika.accounts.choices import Role
from lika.accounts.models import Grant, Official
from lika.accounts.queries import actor_of
from lika.assistance.actions import proposals, units
from lika.assistance.actions.proposals import Line
from lika.assistance.actions.units import Named
from lika.assistance.choices import Affiliation, ProposalState, Rank
from lika.assistance.models import Pairing, Proposal
from lika.assistance.queries import proposals as reads
from lika.core import audit
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.register import queries as register
from lika.register.choices import PovertyStatus
from lika.register.models import Household, Membership, Placement
from tests import factories as make
from tests.assistance.conftest import account_of, helper
from tests.console.officials import also, official
from tests.governance import packs

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)


@pytest.fixture
def other():
    """A second person of the county's office."""
    return make.make_actor(make.COUNTY, name="other")


def code_of(call, *args: object, **given: object) -> str:
    with pytest.raises(UserError) as refused:
        call(*args, **given)
    return refused.value.code


def proposed(by, *lines: Line, division: str = make.TOWNSHIP, reason: str = "演示") -> Proposal:
    return proposals.propose(by=by, division=division, lines=lines, reason=reason)


def paired(county, other, household: Household, one) -> Pairing:
    """A pairing in effect."""
    proposals.agree(by=other, proposal=proposed(county, Line(household.pk, helper=one.pk)).pk)
    return Pairing.objects.get(household=household, ended_on=None)


def test_what_is_agreed_is_a_pairing_and_the_helper_sees_this_household_alone(county, unit, other) -> None:
    one = helper(county, unit)
    seen, unseen = make.make_household(number="A1"), make.make_household(number="A2")
    account = account_of(one)
    made = proposed(county, Line(seen.pk, helper=one.pk))
    assert (made.state, made.by_county) == (ProposalState.PASSED, True)
    assert list(register.households_visible_to(actor_of(account))) == []
    assert proposals.agree(by=other, proposal=made.pk).state == ProposalState.AGREED
    pairing = Pairing.objects.get()
    assert (pairing.helper, pairing.household, pairing.village) == (one, seen, int(make.VILLAGE))
    assert (pairing.began_on, pairing.ended_on) == (TODAY, None)
    assert list(register.households_visible_to(actor_of(account))) == [seen]
    with pytest.raises(NotFound):
        register.household_visible_to(actor_of(account), unseen.pk)
    told = [(e.actor, e.action, audit.told(e)[1]) for e in AuditEntry.objects.filter(action="pairing.began")]
    assert told == [
        ("system:other", "pairing.began", {"helper": str(one.pk), "proposal": str(made.pk), "from": str(TODAY)})
    ]


def test_a_change_of_helper_takes_the_sight_from_the_first_and_gives_it_to_the_next(county, unit, other) -> None:
    one, two = helper(county, unit), helper(county, unit, "演示·帮扶乙")
    household = make.make_household(number="A1")
    first = paired(county, other, household, one)
    made = proposed(county, Line(household.pk, helper=two.pk, ends=first.pk))
    proposals.agree(by=other, proposal=made.pk)
    assert list(Pairing.objects.order_by("id").values_list("helper__official__name", "ended_on")) == [
        ("演示·帮扶甲", TODAY),
        ("演示·帮扶乙", None),
    ]
    assert list(Grant.objects.order_by("id").values_list("official__name", "valid_to")) == [
        ("演示·帮扶甲", TODAY),
        ("演示·帮扶乙", None),
    ]


def test_a_village_proposes_the_township_passes_the_county_agrees(county, unit, other) -> None:
    one, household = helper(county, unit), make.make_household(number="A1")
    village, township = actor_of(official(Role.VILLAGE)), actor_of(official(Role.TOWNSHIP))
    made = proposed(village, Line(household.pk, helper=one.pk), division=make.VILLAGE)
    assert made.state == ProposalState.PROPOSED
    assert code_of(proposals.agree, by=other, proposal=made.pk) == "ASN-026"
    assert (reads.waiting(township), reads.waiting(village)) == (reads.ProposalsWaiting(1, 0), reads.ProposalsWaiting())
    assert proposals.pass_proposal(by=township, proposal=made.pk).state == ProposalState.PASSED
    assert code_of(proposals.pass_proposal, by=township, proposal=made.pk) == "ASN-026"
    office = actor_of(official(Role.COUNTY))
    assert reads.waiting(office) == reads.ProposalsWaiting(0, 1)
    assert proposals.agree(by=office, proposal=made.pk).state == ProposalState.AGREED
    assert [(step.verb, step.by_name) for step in reads.steps_of(made)] == [
        ("propose", village.name),
        ("pass", township.name),
        ("agree", office.name),
    ]


def test_a_township_elsewhere_is_no_township_here(county, unit) -> None:
    one, household = helper(county, unit), make.make_household(number="A1")
    make.make_division("621223101201")
    both = actor_of(also(official(Role.VILLAGE), Role.TOWNSHIP, "621223101000"))
    made = proposed(both, Line(household.pk, helper=one.pk), division=make.VILLAGE)
    assert made.state == ProposalState.PROPOSED


def test_sight_that_the_administrator_ended_does_not_stand_in_the_way(county, unit, other) -> None:
    one, two = helper(county, unit), helper(county, unit, "演示·帮扶乙")
    household = make.make_household(number="A1")
    first = paired(county, other, household, one)
    Grant.objects.update(valid_from=TODAY - DAY, valid_to=TODAY - DAY)
    proposals.agree(by=other, proposal=proposed(county, Line(household.pk, helper=two.pk, ends=first.pk)).pk)
    assert list(Grant.objects.order_by("id").values_list("valid_to", flat=True)) == [TODAY - DAY, None]


def test_a_household_that_moved_here_gets_another_helper(county, unit, other) -> None:
    one = helper(county, unit)
    household = make.make_household(number="A1")
    first = paired(county, other, household, one)
    make.make_division(make.ELSEWHERE)
    there = int(make.ELSEWHERE)
    Placement.objects.filter(household=household).update(village=there, division=make.ELSEWHERE)
    Membership.objects.filter(household=household).delete()
    Household.objects.filter(pk=household.pk).update(village=there)
    office, second = (actor_of(official(Role.COUNTY, "621202000000")) for _ in range(2))
    theirs = units.add_unit(by=office, name="演示区单位", affiliation=Affiliation.COUNTY, division="621202000000")
    line = Line(household.pk, helper=helper(office, theirs, "演示·帮扶丙").pk, ends=first.pk)
    proposals.agree(by=second, proposal=proposed(office, line, division=make.ELSEWHERE).pk)
    assert list(Pairing.objects.order_by("id").values_list("ended_on", "village")) == [
        (TODAY, int(make.VILLAGE)),
        (None, there),
    ]


def test_who_proposed_or_passed_does_not_settle_it(county, unit, other) -> None:
    one, household = helper(county, unit), make.make_household(number="A1")
    made = proposed(county, Line(household.pk, helper=one.pk))
    for act in (proposals.agree, proposals.send_back):
        assert code_of(act, by=county, proposal=made.pk, note="演示") == "ASN-027"
    village = actor_of(official(Role.VILLAGE))
    second = make.make_household(number="A2")
    below = proposed(village, Line(second.pk, helper=one.pk), division=make.VILLAGE)
    proposals.pass_proposal(by=other, proposal=below.pk)
    assert code_of(proposals.agree, by=other, proposal=below.pk) == "ASN-027"
    assert Pairing.objects.count() == 0


def test_a_helper_does_not_settle_what_concerns_them(county, unit) -> None:
    user = official(Role.COUNTY)
    mine = units.add_helper(
        by=county, unit=unit.pk, named=Named(Rank.SECTION, official=Official.objects.get(user=user).pk)
    )
    household = make.make_household(number="A1")
    made = proposed(county, Line(household.pk, helper=mine.pk))
    assert code_of(proposals.agree, by=actor_of(user), proposal=made.pk) == "ASN-028"
    assert (Pairing.objects.count(), Grant.objects.count()) == (0, 0)


def test_sent_back_or_withdrawn_changes_nothing(county, unit, other) -> None:
    one = helper(county, unit)
    first, second = make.make_household(number="A1"), make.make_household(number="A2")
    back = proposed(county, Line(first.pk, helper=one.pk))
    assert code_of(proposals.send_back, by=other, proposal=back.pk, note=" ") == "ASN-021"
    assert proposals.send_back(by=other, proposal=back.pk, note="演示：人员重复").state == ProposalState.RETURNED
    taken = proposed(county, Line(second.pk, helper=one.pk))
    assert proposals.withdraw(by=county, proposal=taken.pk, note="演示").state == ProposalState.WITHDRAWN
    assert code_of(proposals.withdraw, by=county, proposal=taken.pk, note="演示") == "ASN-026"
    assert Pairing.objects.count() == 0
    assert proposed(county, Line(first.pk, helper=one.pk)).state == ProposalState.PASSED  # free to be proposed again


def test_another_county_neither_sees_nor_settles_it(county, unit) -> None:
    one, household = helper(county, unit), make.make_household(number="A1")
    made = proposed(county, Line(household.pk, helper=one.pk))
    make.make_division(make.ELSEWHERE)
    elsewhere = actor_of(official(Role.COUNTY, "621202000000"))
    assert code_of(proposals.agree, by=elsewhere, proposal=made.pk) == "ASN-003"
    assert list(reads.proposals(elsewhere)) == []
    with pytest.raises(PermissionRefused) as refused:
        proposed(elsewhere, Line(household.pk, helper=one.pk))
    assert refused.value.code == "ACC-002"


def test_what_cannot_be_proposed(county, unit, other) -> None:
    one, household = helper(county, unit), make.make_household(number="A1")
    far = make.make_household("621223101201", number="B1")
    removed = make.make_household(number="A9", poverty=PovertyStatus.REMOVED)
    nobody = make.make_household(number="A8").pk
    assert code_of(proposed, county) == "ASN-020"
    assert code_of(proposed, county, Line(household.pk, helper=one.pk), reason=" ") == "ASN-021"
    assert code_of(proposed, county, Line(far.pk, helper=one.pk)) == "ASN-022"
    assert code_of(proposed, county, Line(household.pk, helper=nobody)) == "ASN-023"
    assert code_of(proposed, county, Line(household.pk, ends=nobody)) == "ASN-024"
    assert code_of(proposed, county, Line(removed.pk, helper=one.pk)) == "ASN-030"
    proposed(county, Line(household.pk, helper=one.pk))
    assert code_of(proposed, county, Line(household.pk, helper=one.pk)) == "ASN-025"
    held = make.make_household(number="A2")
    paired(county, other, held, one)
    assert code_of(proposed, county, Line(held.pk, helper=one.pk)) == "ASN-031"
    assert Proposal.objects.count() == 2


def test_no_registered_household_is_left_alone_but_a_removed_one_may_be(county, unit, other) -> None:
    one = helper(county, unit)
    exited = make.make_household(number="A1", poverty=PovertyStatus.EXITED)
    pairing = paired(county, other, exited, one)
    assert code_of(proposed, county, Line(exited.pk, ends=pairing.pk)) == "ASN-033"
    Household.objects.filter(pk=exited.pk).update(poverty_status=PovertyStatus.REMOVED)
    proposals.agree(by=other, proposal=proposed(county, Line(exited.pk, ends=pairing.pk)).pk)
    assert Pairing.objects.get().ended_on == TODAY


def test_numbers_of_the_pack_bind_and_name_their_clause(county, unit, other, tmp_path: Path) -> None:
    one, two = helper(county, unit), helper(county, unit, "演示·帮扶乙", Rank.SECTION)
    first, second = make.make_household(number="A1"), make.make_household(number="A2")
    packs.give(tmp_path, helpers_per_household=1, helper_households_staff=1)
    both = (Line(first.pk, helper=one.pk), Line(first.pk, helper=two.pk))
    with pytest.raises(UserError) as refused:
        proposed(county, *both)
    assert (refused.value.code, refused.value.where) == (
        "ASN-032",
        {"field": "lines", "household": "A1", "pack": "test/parameters@1 T §1"},
    )
    many = (Line(first.pk, helper=one.pk), Line(second.pk, helper=one.pk))
    assert code_of(proposed, county, *many) == "ASN-034"
    proposed(county, Line(first.pk, helper=one.pk), Line(second.pk, helper=two.pk))


def test_what_has_changed_since_stops_the_whole_proposal(county, unit, other) -> None:
    one = helper(county, unit)
    first, second = make.make_household(number="A1"), make.make_household(number="A2")
    made = proposed(county, Line(first.pk, helper=one.pk), Line(second.pk, helper=one.pk))
    Household.objects.filter(pk=second.pk).update(poverty_status=PovertyStatus.REMOVED)
    assert code_of(proposals.agree, by=other, proposal=made.pk) == "ASN-030"
    assert (Pairing.objects.count(), Grant.objects.count()) == (0, 0)
    made.refresh_from_db()
    assert made.state == ProposalState.PASSED
