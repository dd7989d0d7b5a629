"""Signatures: their order, who gives them, what they are over, what makes them void. 演示数据"""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from lika.accounts.actions import Confirmation
from lika.casework.actions import rosters, signatories, signing
from lika.casework.actions.moving import Outcome
from lika.casework.actions.signing import Given
from lika.casework.choices import CaseState, SignatureKind, StepResult
from lika.casework.content import Decided, Taken, hash_of, hash_of_roster, text_of
from lika.casework.models import Case, RosterEntry, Signatory, Signature, SignedPaper
from lika.casework.queries import rosters as rosters_read
from lika.casework.queries import signatories as signatories_read
from lika.casework.queries.signing import signed
from lika.core.errors import PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.policy.choices import Capacity
from tests import factories as make
from tests.at_once import at_once
from tests.casework.going import sign as have_signed
from tests.casework.signers import (
    PREFECTURE,
    SINCE,
    TOWNSHIP_THREE,
    VILLAGE_FOUR,
    Chain,
    actor_for,
    by_account,
    chain_of,
    drawn,
    ink,
    names,
    official,
    sign,
)
from tests.files import photograph

pytestmark = pytest.mark.django_db


def refused(call, *args, **given) -> str:
    with pytest.raises(UserError) as caught, transaction.atomic():
        call(*args, **given)
    return caught.value.code


def whole(chain: Chain, slots: int) -> None:
    """Every slot of the stage, in order, then on."""
    for slot in range(slots):
        sign(chain, slot)
    level = "village" if slots == 4 else "township"
    signing.pass_on(by=chain.offices[level], batch=chain.batch.pk)


def roster_of(chain: Chain, level: str):
    code = make.COUNTY if level == "county" else PREFECTURE
    return rosters.draw_roster(
        by=chain.offices[level], campaign=chain.campaign.pk, division=code, stage=f"{level}_signatures"
    )


def sign_roster(chain: Chain, roster, *capacities: str) -> None:
    for slot, capacity in enumerate(capacities):
        by = chain.signers[capacity]
        rosters.sign_roster(by=by, roster=roster.pk, slot=slot, given=by_account(by))


COUNTY_FOUR = ("county_secretary", "county_head", "office_director", "statistics_director")


def test_the_hash_of_a_decision_is_this_and_no_other():
    at = dt.datetime(2016, 12, 1, 8, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    step = Taken("appraisal", "verification", "passed", "prepare", "", "cunguan", at)
    decided = Decided(
        number="2016TP621223100201-0001", unit="household", household="018f0000-0000-7000-8000-000000000001",
        division=621223100201, procedure="household_exit", pack="cn-gansu/2016@1", screening="", digest="",
        verdicts={"exit": 1, "other": None}, persons=3, place=1, steps=[step],
    )  # fmt: skip
    assert text_of(decided) == (
        '{"digest":"","division":621223100201,"household":"018f0000-0000-7000-8000-000000000001",'
        '"number":"2016TP621223100201-0001","pack":"cn-gansu/2016@1","persons":3,"place":1,'
        '"procedure":"household_exit","screening":"","steps":[{"at":"2016-12-01T00:30:00.000000+00:00","by":"cunguan",'
        '"duty":"prepare","reason":"","result":"passed","stage":"appraisal","to_stage":"verification"}],'
        '"unit":"household","verdicts":{"exit":1,"other":null}}'
    )
    assert hash_of(decided) == "7a7fe8d56ac9d6ddc9fd35437a588405130f983479136cddebe4e29cd60b4ad0"
    utc = Taken(*(*vars(step).values(),)[:-1], at.astimezone(dt.UTC))
    assert hash_of(Decided(**vars(decided) | {"steps": [utc]})) == hash_of(decided)
    assert hash_of(Decided(**vars(decided) | {"persons": 4})) != hash_of(decided)
    assert hash_of_roster(["b" * 64, "a" * 64]) == hash_of_roster(["a" * 64, "b" * 64])
    assert hash_of_roster(["a" * 64]) == "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"


def test_household_exit_is_signed_four_three_four_two():
    chain = chain_of()
    whole(chain, 4)
    assert chain.stage == "township_signatures"
    whole(chain, 3)
    assert chain.stage == "county_signatures"
    county = roster_of(chain, "county")
    sign_roster(chain, county, *COUNTY_FOUR)
    assert rosters.pass_roster_on(by=chain.offices["county"], roster=county.pk) == rosters.PassedOn(1, 0)
    assert chain.stage == "prefecture_signatures"
    prefecture = roster_of(chain, "prefecture")
    sign_roster(chain, prefecture, "prefecture_secretary", "mayor")
    rosters.pass_roster_on(by=chain.offices["prefecture"], roster=prefecture.pk)
    assert chain.stage == "evaluation"
    of_cases = Signature.objects.filter(case__isnull=False).order_by("at", "case__number")
    told = [(each.stage, each.slot, each.capacity) for each in of_cases]
    assert sorted(set(told), key=told.index) == [
        *(("village_signatures", slot, capacity) for slot, capacity in enumerate(VILLAGE_FOUR)),
        *(("township_signatures", slot, capacity) for slot, capacity in enumerate(TOWNSHIP_THREE)),
    ]
    assert len(told) == 14  # seven slots of two cases
    on_rosters = Signature.objects.filter(roster__isnull=False).values_list("stage", "slot", "capacity", "content_hash")
    assert list(on_rosters) == [
        *(("county_signatures", slot, capacity, county.content_hash) for slot, capacity in enumerate(COUNTY_FOUR)),
        ("prefecture_signatures", 0, "prefecture_secretary", prefecture.content_hash),
        ("prefecture_signatures", 1, "mayor", prefecture.content_hash),
    ]
    moments = [stage.split("_")[0] for stage in Signature.objects.order_by("at").values_list("stage", flat=True)]
    assert moments == sorted(moments, key=["village", "township", "county", "prefecture"].index)


def test_a_slot_opens_when_the_one_before_is_signed():
    chain = chain_of()
    director = chain.signers["village_director"]
    early = refused(signing.sign_cases, by=director, batch=chain.batch.pk, slot=1, given=by_account(director))
    assert (early, Signature.objects.count()) == ("CAS-081", 0)
    first, second = Case.objects.order_by("number")
    sign(chain, 0, [first.pk])
    sign(chain, 1, [first.pk])
    assert refused(sign, chain, 1) == "CAS-081"  # the second case still waits for the secretary
    sign(chain, 0)
    sign(chain, 1)
    assert set(Signature.objects.values_list("case__number", "slot")) == {
        (case.number, slot) for case in (first, second) for slot in (0, 1)
    }


def test_the_level_above_waits_for_the_level_below():
    chain = chain_of()
    secretary = chain.signers["township_secretary"]
    assert (
        refused(signing.sign_cases, by=secretary, batch=chain.batch.pk, slot=0, given=by_account(secretary))
        == "CAS-084"
    )
    assert refused(roster_of, chain, "county") == "CAS-139"
    assert refused(roster_of, chain, "township") == "CAS-082"
    sign(chain, 0)
    assert refused(signing.pass_on, by=chain.offices["village"], batch=chain.batch.pk) == "CAS-080"
    assert chain.stage == "village_signatures"


def test_a_slot_is_signed_once():
    chain = chain_of()
    sign(chain, 0)
    assert refused(sign, chain, 0) == "CAS-083"
    row = Signature.objects.first()
    twin = Signature(
        case=row.case, stage=row.stage, slot=0, capacity=row.capacity, signatory=row.signatory, official=row.official,
        kind="account", content_hash=row.content_hash, entered_by="x", at=row.at,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="signature_once_in_slot"), transaction.atomic():
        twin.save(force_insert=True)


def test_no_account_ever_signs_for_the_household():
    chain = chain_of(1)
    case = Case.objects.get()
    for slot in range(3):
        sign(chain, slot)
    everybody = [*chain.signers.values(), *chain.offices.values()]
    for by in everybody:
        given = by_account(by)
        assert refused(signing.sign_cases, by=by, batch=chain.batch.pk, slot=3, given=given) in ("CAS-085", "CAS-030")
    office = chain.offices["village"]
    unwitnessed = Given(SignatureKind.INK, sheet=ink())
    stranger = official("外地·演示", make.ELSEWHERE)
    elsewhere = Given(SignatureKind.INK, sheet=ink(), witness=stranger.pk)
    empty = Given(SignatureKind.INK, sheet=ink(blank=True), witness=chain.witness)
    photo_as_ink = Given(SignatureKind.INK, sheet=photograph(), witness=chain.witness)
    nothing = Given(SignatureKind.PAPER, witness=chain.witness)
    untouched = Given(SignatureKind.INK, witness=chain.witness)
    tried = [
        refused(signing.sign_cases, by=office, batch=chain.batch.pk, slot=3, given=given)
        for given in (unwitnessed, elsewhere, empty, photo_as_ink, untouched, nothing)
    ]
    assert tried == ["CAS-087", "CAS-087", "CAS-089", "CAS-089", "CAS-089", "DOC-001"]
    assert not Signature.objects.filter(capacity=Capacity.HOUSEHOLD).exists()
    with pytest.raises(IntegrityError, match="signature_of_household_not_by_account"), transaction.atomic():
        Signature.objects.create(
            case=case, stage="village_signatures", slot=3, capacity="household", kind="account", content_hash="0" * 64,
            entered_by="x", at=timezone.now(),
        )  # fmt: skip
    with pytest.raises(IntegrityError, match="signatory_never_household"), transaction.atomic():
        Signatory.objects.create(
            official=stranger, capacity="household", division_id=make.VILLAGE, number=int(make.VILLAGE),
            valid_from=SINCE, document="x", entered_by="x",
        )  # fmt: skip
    code = refused(names, make.make_actor(), stranger, "household", make.VILLAGE)
    assert code == "CAS-044"
    sheet = Given(SignatureKind.PAPER, sheet=photograph(), witness=chain.witness)
    signing.sign_cases(by=office, batch=chain.batch.pk, slot=3, given=sheet)
    row = Signature.objects.get(capacity=Capacity.HOUSEHOLD)
    assert (row.official, row.witness_id, row.kind) == (None, chain.witness, "paper")
    assert row.paper is not None
    assert b"JFIF" not in bytes(_raw(row.paper))


def _raw(paper: SignedPaper) -> memoryview:
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM casework_signedpaper WHERE id = %s", [paper.pk])
        return cursor.fetchone()[0]


def test_what_one_household_draws_stands_for_it_alone():
    chain = chain_of()
    for slot in range(3):
        sign(chain, slot)
    office = chain.offices["village"]
    assert refused(signing.sign_cases, by=office, batch=chain.batch.pk, slot=3, given=drawn(chain)) == "CAS-088"


def test_who_signs_holds_the_capacity_and_proves_to_be_there():
    chain = chain_of()
    by, other = chain.signers["village_secretary"], chain.signers["village_director"]
    late = Confirmation(by.name, timezone.now() - dt.timedelta(minutes=5))
    of_another = Confirmation(other.name, timezone.now())
    refusals = [
        refused(
            signing.sign_cases,
            by=by,
            batch=chain.batch.pk,
            slot=0,
            given=Given(SignatureKind.ACCOUNT, confirmation=each),
        )
        for each in (None, late, of_another)
    ]
    assert refusals == ["CAS-086"] * 3
    assert refused(signing.sign_cases, by=other, batch=chain.batch.pk, slot=0, given=by_account(other)) == "CAS-084"
    Signatory.objects.filter(capacity="village_secretary").update(valid_to=timezone.localdate() - dt.timedelta(days=1))
    assert refused(signing.sign_cases, by=by, batch=chain.batch.pk, slot=0, given=by_account(by)) == "CAS-084"
    looks = make.make_actor(make.VILLAGE, permissions=[Permission.CASEWORK_VIEW])
    with pytest.raises(PermissionRefused), transaction.atomic():
        signing.sign_cases(by=looks, batch=chain.batch.pk, slot=0, given=by_account(looks))


def test_one_who_holds_two_posts_signs_both_slots_each_in_its_capacity():
    chain = chain_of()
    both = official("一肩挑·演示", make.VILLAGE)
    today = timezone.localdate()
    office = make.make_actor()
    for row in Signatory.objects.filter(capacity__in=VILLAGE_FOUR[:2]):
        signatories.end_signatory(by=office, signatory=row.pk, last_day=today - dt.timedelta(days=1))
        signatories.name_signatory(
            by=office, official=both.pk, capacity=Capacity(row.capacity), division=make.VILLAGE, valid_from=today,
            document="演示：一肩挑",
        )  # fmt: skip
    by = actor_for(both, make.VILLAGE, "both")
    for slot in (0, 1):
        signing.sign_cases(by=by, batch=chain.batch.pk, slot=slot, given=by_account(by))
    rows = set(Signature.objects.values_list("slot", "capacity", "official"))
    assert rows == {(0, "village_secretary", both.pk), (1, "village_director", both.pk)}


def test_a_deputy_signs_with_the_authorisation_attached():
    chain = chain_of()
    holder, deputy = Signatory.objects.get(capacity="village_secretary"), official("代签·演示", make.VILLAGE)
    office = make.make_actor()
    without = refused(names, office, deputy, "village_secretary", make.VILLAGE, deputy_of=holder.pk)
    assert without == "DOC-001"
    made = names(
        office, deputy, "village_secretary", make.VILLAGE, deputy_of=holder.pk, authorisation=photograph(),
    )  # fmt: skip
    by = actor_for(deputy, make.VILLAGE, "deputy")
    signing.sign_cases(by=by, batch=chain.batch.pk, slot=0, given=by_account(by))
    rows = set(Signature.objects.values_list("official", "signatory", "authorisation"))
    assert rows == {(deputy.pk, made.pk, made.authorisation_id)}
    with pytest.raises(IntegrityError, match="signatory_deputy_authorised"), transaction.atomic():
        Signatory.objects.filter(pk=made.pk).update(authorisation=None)


def test_a_deputy_of_whoever_holds_the_capacity_no_more_does_not_sign():
    chain = chain_of()
    holder, deputy = Signatory.objects.get(capacity="village_secretary"), official("代签·演示", make.VILLAGE)
    office, today = make.make_actor(), timezone.localdate()
    names(office, deputy, "village_secretary", make.VILLAGE, deputy_of=holder.pk, authorisation=photograph())
    signatories.end_signatory(by=office, signatory=holder.pk, last_day=today - dt.timedelta(days=1))
    by = actor_for(deputy, make.VILLAGE, "deputy")
    assert refused(signing.sign_cases, by=by, batch=chain.batch.pk, slot=0, given=by_account(by)) == "CAS-084"
    line = signatories_read.lines_of(office, make.make_division(make.VILLAGE), today)[0]
    assert (line.holder, line.deputies, len(line.earlier)) == (None, [], 2)


def test_a_term_may_end_earlier_than_was_entered_and_two_terms_never_overlap():
    chain_of(1)
    county, new, capacity = make.make_actor(), official("新任·演示", make.VILLAGE), "village_secretary"
    holder = Signatory.objects.get(capacity=capacity)
    over_both = {"valid_from": dt.date(2013, 1, 1), "valid_to": SINCE}
    assert refused(names, county, new, capacity, make.VILLAGE, **over_both) == "CAS-045"
    before = names(county, new, capacity, make.VILLAGE, **over_both | {"valid_to": SINCE - dt.timedelta(days=1)})
    end = signatories.end_signatory
    end(by=county, signatory=holder.pk, last_day=dt.date(2030, 12, 31))
    assert refused(end, by=county, signatory=holder.pk, last_day=dt.date(2030, 12, 31)) == "CAS-153"
    end(by=county, signatory=holder.pk, last_day=dt.date(2020, 6, 30))
    terms = Signatory.objects.filter(capacity=capacity).order_by("valid_from").values_list("pk", "valid_to")
    assert list(terms) == [(before.pk, dt.date(2013, 12, 31)), (holder.pk, dt.date(2020, 6, 30))]
    assert AuditEntry.objects.filter(action="signatory.ended").count() == 2


def test_ink_of_an_official_names_who_signed_and_who_saw_it():
    chain = chain_of()
    office = chain.offices["village"]
    holder = Signatory.objects.get(capacity="village_secretary")
    itself = Given(SignatureKind.INK, sheet=ink(), witness=holder.official_id)
    assert refused(signing.sign_cases, by=office, batch=chain.batch.pk, slot=0, given=itself) == "CAS-087"
    signing.sign_cases(by=office, batch=chain.batch.pk, slot=0, given=drawn(chain))
    rows = set(Signature.objects.values_list("official", "witness", "kind", "entered_by"))
    assert rows == {(holder.official_id, chain.witness, "ink", office.name)}
    assert SignedPaper.objects.count() == 1


def test_who_enters_ink_is_no_witness_of_it():
    chain = chain_of(1)
    for slot in range(3):
        sign(chain, slot)
    enters = official("录入·演示", make.VILLAGE)
    office, case = actor_for(enters, make.VILLAGE, "enters"), Case.objects.get()
    alone = Given(SignatureKind.INK, sheet=ink(), witness=enters.pk)
    given = {"by": office, "batch": chain.batch.pk, "slot": 3, "cases": [case.pk]}
    assert refused(signing.sign_cases, given=alone, **given) == "CAS-087"
    signing.sign_cases(given=drawn(chain), **given)
    assert Signature.objects.get(slot=3).witness_id == chain.witness


def test_a_changed_case_has_to_be_signed_anew():
    chain = chain_of()
    sign(chain, 0)
    first, second = Case.objects.order_by("number")
    Case.objects.filter(pk=first.pk).update(persons=4)
    assert _holding(chain) == {first.number: [], second.number: [0]}
    assert refused(sign, chain, 1) == "CAS-081"
    sign(chain, 0)
    assert _holding(chain) == {first.number: [0], second.number: [0]}
    assert list(Signature.objects.exclude(void_at=None).values_list("case", "void_reason")) == [(first.pk, "changed")]


def _holding(chain: Chain) -> dict[str, list[int]]:
    from lika.casework.queries.cases import procedure_of

    cases = list(Case.objects.all())
    found = signed(cases, procedure_of(chain.batch), "village_signatures")
    return {each.number: [slot.index for slot in found[each.pk].slots if slot.holds] for each in cases}


def test_a_return_voids_what_was_signed_from_there_on():
    chain = chain_of()
    whole(chain, 4)
    sign(chain, 0)
    first = Case.objects.earliest("number")
    back = {first.pk: Outcome(StepResult.RETURNED, "village_signatures", "演示：户主签错")}
    for slot in (1, 2):
        sign(chain, slot)
    signing.pass_on(by=chain.offices["township"], batch=chain.batch.pk, outcomes=back)
    void = Signature.objects.exclude(void_at=None)
    assert set(void.values_list("case", "void_reason")) == {(first.pk, "returned")}
    assert void.count() == 7
    assert Signature.objects.filter(void_at=None).count() == 7
    first.refresh_from_db()
    assert (first.stage, first.batch.sequence, chain.stage) == ("village_signatures", 1, "county_signatures")


def test_a_changed_case_falls_out_of_a_roster_and_no_other():
    chain = chain_of(3, stage="county_signatures")
    _sign_below(chain)
    roster = roster_of(chain, "county")
    sign_roster(chain, roster, *COUNTY_FOUR[:3])
    first, *others = Case.objects.order_by("number")
    Case.objects.filter(pk=first.pk).update(persons=9)
    assert [line.holds for line in rosters_read.lines_of(roster)] == [False, True, True]
    by = chain.signers["statistics_director"]
    rosters.sign_roster(by=by, roster=roster.pk, slot=3, given=by_account(by))
    assert refused(rosters.pass_roster_on, by=chain.offices["county"], roster=roster.pk) == "CAS-080"
    back = {first.pk: Outcome(StepResult.RETURNED, "township_signatures", "演示：人口有变")}
    signing.pass_on(by=chain.offices["county"], batch=chain.batch.pk, outcomes=back)
    assert chain.stage == "prefecture_signatures"
    assert list(RosterEntry.objects.exclude(void_at=None).values_list("case", "void_reason")) == [
        (first.pk, "returned")
    ]
    assert {case.stage for case in Case.objects.filter(pk__in=[each.pk for each in others])} == {
        "prefecture_signatures"
    }


def test_a_case_that_changed_goes_on_a_roster_of_its_own():
    chain = chain_of(2, stage="county_signatures")
    _sign_below(chain)
    first = roster_of(chain, "county")
    assert refused(roster_of, chain, "county") == "CAS-139"  # every case is on one
    case = Case.objects.order_by("number").first()
    Case.objects.filter(pk=case.pk).update(place=7)
    assert refused(roster_of, chain, "county") == "CAS-139"  # what the village signed is another case
    _sign_below(chain)
    second = roster_of(chain, "county")
    assert [(each.number, second.sequence) for each in (line.case for line in rosters_read.lines_of(second))] == [
        (case.number, 2)
    ]
    assert [line.holds for line in rosters_read.lines_of(first)] == [False, True]


def _sign_below(chain: Chain) -> None:
    """What village and township signed, as if they had before the batch came here."""
    Signature.objects.filter(case__isnull=False, void_at=None).update(void_at=timezone.now(), void_reason="changed")
    have_signed(chain.batch)


def test_rosters_are_signed_in_order_by_who_holds_the_capacity():
    chain = chain_of(1, stage="county_signatures")
    _sign_below(chain)
    roster = roster_of(chain, "county")
    head = chain.signers["county_head"]
    assert refused(rosters.sign_roster, by=head, roster=roster.pk, slot=1, given=by_account(head)) == "CAS-081"
    assert refused(rosters.sign_roster, by=head, roster=roster.pk, slot=0, given=by_account(head)) == "CAS-084"
    assert refused(rosters.sign_roster, by=head, roster=roster.pk, slot=9, given=by_account(head)) == "CAS-082"
    sign_roster(chain, roster, "county_secretary")
    secretary = chain.signers["county_secretary"]
    again = refused(rosters.sign_roster, by=secretary, roster=roster.pk, slot=0, given=by_account(secretary))
    assert again == "CAS-083"
    village = chain.signers["village_secretary"]
    assert refused(rosters.sign_roster, by=village, roster=roster.pk, slot=1, given=by_account(village)) == "CAS-140"
    batch = refused(signing.sign_cases, by=secretary, batch=chain.batch.pk, slot=0, given=by_account(secretary))
    assert batch == "CAS-082"


def test_signatories_are_named_by_the_office_above_and_never_by_themselves():
    chain = chain_of()
    county, new = make.make_actor(), official("新任·演示", make.VILLAGE)
    assert refused(names, county, new, "village_secretary", make.VILLAGE) == "CAS-045"
    assert refused(names, county, new, "county_head", make.VILLAGE) == "CAS-044"
    itself = actor_for(new, make.COUNTY, "itself")
    Signatory.objects.filter(capacity="team_leader").update(valid_to=dt.date(2015, 1, 1))
    assert refused(names, itself, new, "team_leader", make.VILLAGE) == "CAS-043"
    station = make.make_actor(make.TOWNSHIP, permissions=[Permission.CASEWORK_VIEW, Permission.CASE_TOWNSHIP])
    assert refused(names, station, new, "team_leader", make.VILLAGE) == "ACC-001"
    elsewhere = make.make_actor("621202000000")
    assert refused(names, elsewhere, new, "team_leader", make.VILLAGE) == "ACC-002"
    place = make.make_division(make.VILLAGE)
    lines = signatories_read.lines_of(county, place, timezone.localdate())
    assert [(line.capacity.value, line.holder is None) for line in lines] == [
        ("village_secretary", False), ("village_director", False), ("team_leader", True),
    ]  # fmt: skip
    below = signatories_read.vacant_below(make.make_division(make.TOWNSHIP), timezone.localdate())
    assert [(each.code, vacant) for each, vacant in below] == [(make.VILLAGE, 1)]
    assert refused(names, county, new, "team_leader", make.VILLAGE) == "CAS-045"  # on that day another held it
    names(county, new, "team_leader", make.VILLAGE, valid_from=dt.date(2015, 1, 2))
    assert signatories_read.vacant_below(make.make_division(make.TOWNSHIP), timezone.localdate())[0][1] == 0
    assert AuditEntry.objects.filter(action="signatory.named", county=621223).count() == 11
    assert chain.stage == "village_signatures"


def test_stopped_cases_are_not_signed():
    chain = chain_of()
    first = Case.objects.order_by("number").first()
    Case.objects.filter(pk=first.pk).update(state=CaseState.STOPPED)
    sign(chain, 0)
    assert not Signature.objects.filter(case=first).exists()
    assert refused(sign, chain, 1, [first.pk]) == "CAS-031"


def test_a_roster_passes_no_batch_in_which_every_case_is_stopped():
    chain = chain_of(1, stage="county_signatures")
    _sign_below(chain)
    roster = roster_of(chain, "county")
    sign_roster(chain, roster, *COUNTY_FOUR)
    Case.objects.update(state=CaseState.STOPPED)
    assert refused(rosters.pass_roster_on, by=chain.offices["county"], roster=roster.pk) == "CAS-192"
    Case.objects.update(state=CaseState.OPEN)
    assert rosters.pass_roster_on(by=chain.offices["county"], roster=roster.pk) == rosters.PassedOn(1, 0)


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_at_once_sign_once():
    """The second waits for the first, then finds the slot filled."""
    chain = chain_of()
    by = chain.signers["village_secretary"]

    def one() -> object:
        return signing.sign_cases(by=by, batch=chain.batch.pk, slot=0, given=by_account(by))

    assert at_once(one, one) == ["CAS-083", "done"]
    assert Signature.objects.count() == 2
    assert AuditEntry.objects.filter(action="case.signed").count() == 1
