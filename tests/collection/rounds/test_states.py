"""From the village through the township to the county: who may what when, maker and checker, remarks. 演示数据"""

import datetime as dt

import pytest
from django.utils import timezone

from lika.collection.rounds import actions, queries
from lika.collection.rounds.actions.auditing import At
from lika.collection.rounds.choices import MOVES, EntryState, SubmissionState, Verb
from lika.collection.rounds.models import Submission
from lika.core.areas import Area
from lika.core.errors import ManyErrors, UserError
from lika.core.models import AuditEntry
from lika.register import queries as register
from lika.register.actions import changes, record_household_year
from lika.register.actions.changes import Grounds
from lika.register.choices import Subject
from lika.register.models import HouseholdYear, OpenYear, PersonYear, VillageYear
from tests import factories as make
from tests.collection.rounds.conftest import VILLAGE_OFFICER, YEAR, Township, fill_all, filling, persons_of

pytestmark = pytest.mark.django_db
LATER = timezone.localdate() + dt.timedelta(days=7)


def code_of(call, **arguments) -> str:
    with pytest.raises(UserError) as refused:
        call(**arguments)
    return refused.value.code


def states_of_rows(township: Township) -> set[str]:
    of_year = {"data_year": 2017}
    persons = [person for home in (township.first, township.second) for person in persons_of(home)]
    return {
        *HouseholdYear.objects.filter(**of_year).values_list("state", flat=True),
        *PersonYear.objects.filter(**of_year, person__in=persons).values_list("state", flat=True),
        *VillageYear.objects.filter(**of_year).values_list("state", flat=True),
    }


class TestHandingIn:
    def test_what_is_missing_is_named(self, township: Township, village):
        found = township.submission()
        actions.fill_household(
            by=village, submission=found.pk, household=township.first.id, filling=filling(township.first)
        )
        with pytest.raises(ManyErrors) as refused:
            actions.submit(by=village, submission=found.pk)
        assert (refused.value.code, [(each.code, each.where.get("household")) for each in refused.value.errors]) == (
            "RND-020", [("RND-021", "R2"), ("RND-022", None)],
        )  # fmt: skip

    def test_who_joined_after_the_household_was_filled_is_missing(self, township: Township, village):
        found = fill_all(village, township)
        make.make_person(township.second, name="石新生", joined_on=dt.date(2017, 11, 1))
        with pytest.raises(ManyErrors) as refused:
            actions.submit(by=village, submission=found.pk)
        assert [(each.code, each.where["household"]) for each in refused.value.errors] == [("RND-021", "R2")]

    def test_what_was_handed_in_is_changed_no_more(self, township: Township, village):
        found = fill_all(village, township)
        handed = actions.submit(by=village, submission=found.pk)
        assert (handed.state, handed.submitted_by) == (SubmissionState.SUBMITTED, village.name)
        asked = {"by": village, "submission": found.pk, "household": township.first.id}
        assert code_of(actions.fill_household, **asked, filling=filling(township.first)) == "RND-010"
        assert code_of(actions.confirm_unchanged, **asked) == "RND-010"
        assert code_of(actions.submit, by=village, submission=found.pk) == "RND-002"


class TestAudit:
    @pytest.fixture
    def handed(self, township: Township, village) -> Submission:
        return actions.submit(by=village, submission=fill_all(village, township).pk)

    def test_returned_mended_and_passed(self, township: Township, village, station, handed):
        at = At(township.first.id, None, "wage")
        actions.add_remark(by=station, submission=handed.pk, at=at, text="工资与务工月数不符")
        assert queries.village_standing(by=village, submission=handed).done == 2  # not told yet
        actions.return_submission(by=station, submission=handed.pk, mend_by=LATER)
        returned = township.submission()
        assert (returned.state, returned.due_on) == (SubmissionState.RETURNED, LATER)
        standing = queries.village_standing(by=village, submission=returned)
        assert [(line.household.number, line.is_done) for line in standing.lines] == [("R1", False), ("R2", True)]
        assert code_of(actions.submit, by=village, submission=handed.pk) == "RND-020"

        mended = filling(township.first, wage=11000)
        actions.fill_household(by=village, submission=handed.pk, household=township.first.id, filling=mended)
        (remark,) = queries.remarks_on(returned, township.first.id)
        assert (remark.text, remark.mended_by) == ("工资与务工月数不符", village.name)
        actions.submit(by=village, submission=handed.pk, note="已核实")
        passed = actions.pass_submission(by=station, submission=handed.pk)
        assert (passed.state, passed.passed_by) == (SubmissionState.PASSED, station.name)
        assert states_of_rows(township) == {"confirmed"}
        assert [step.verb for step in queries.history(passed)] == [Verb.PASS, Verb.SUBMIT, Verb.RETURN, Verb.SUBMIT]

    def test_returning_says_what_is_wrong(self, township: Township, station, handed):
        asked = {"by": station, "submission": handed.pk}
        assert code_of(actions.return_submission, **asked, mend_by=LATER) == "RND-004"
        past = timezone.localdate() - dt.timedelta(days=1)
        assert code_of(actions.return_submission, **asked, mend_by=past, note="请核实") == "RND-032"
        assert actions.return_submission(**asked, mend_by=LATER, note="请核实").state == SubmissionState.RETURNED

    def test_a_remark_belongs_somewhere(self, township: Township, village, station, handed):
        asked = {"by": station, "submission": handed.pk}
        head = persons_of(township.first)[0]
        good = [
            At(), At(field="rural_households"), At(township.first.id), At(township.first.id, head),
            At(township.first.id, head, "education"),
        ]  # fmt: skip
        for at in good:
            actions.add_remark(**asked, at=at, text="请核实")
        bad = [
            At(field="wage"), At(township.first.id, None, "education"), At(township.first.id, head, "wage"),
            At(township.second.id, head), At(township.other.id, None, "wage"),
        ]  # fmt: skip
        assert [code_of(actions.add_remark, **asked, at=at, text="请核实") for at in bad] == ["RND-030"] * 5
        assert code_of(actions.add_remark, **asked, at=At(), text=" ") == "RND-004"
        assert handed.remarks.count() == len(good)

    def test_a_remark_not_told_is_in_the_way_and_can_be_taken_back(self, township: Township, station, handed):
        remark = actions.add_remark(by=station, submission=handed.pk, at=At(), text="请核实")
        assert code_of(actions.pass_submission, by=station, submission=handed.pk) == "RND-033"
        actions.drop_remark(by=station, submission=handed.pk, remark=remark.pk)
        assert code_of(actions.drop_remark, by=station, submission=handed.pk, remark=remark.pk) == "RND-031"
        assert actions.pass_submission(by=station, submission=handed.pk).state == SubmissionState.PASSED

    def test_maker_and_checker_are_two_and_the_third_locks(self, township: Township, village, office, handed):
        both = make.make_actor(name=VILLAGE_OFFICER)
        for call, more in (
            (actions.pass_submission, {}), (actions.return_submission, {"mend_by": LATER, "note": "请核实"}),
        ):  # fmt: skip
            assert code_of(call, by=both, submission=handed.pk, **more) == "RND-003"
        actions.pass_submission(by=office, submission=handed.pk)
        for who in (both, office):
            assert code_of(actions.lock_submission, by=who, submission=handed.pk) == "RND-003"
        assert states_of_rows(township) == {"confirmed"}

    def test_who_entered_a_household_does_not_pass_it(self, township: Township, village, station):
        found = fill_all(village, township)
        changed = filling(township.second, wage=9000)
        actions.fill_household(by=station, submission=found.pk, household=township.second.id, filling=changed)
        actions.submit(by=village, submission=found.pk)
        assert code_of(actions.pass_submission, by=station, submission=found.pk) == "REG-035"

    def test_roles_stay_in_their_area_and_rights(self, township: Township, station, handed):
        elsewhere = make.make_actor("621223101000", name="elsewhere")
        blind = make.make_actor(make.TOWNSHIP, permissions=["round.view", "register.change"], name="blind")
        for call, more in (
            (actions.pass_submission, {}),
            (actions.return_submission, {"mend_by": LATER, "note": "请核实"}),
            (actions.add_remark, {"at": At(), "text": "请核实"}),
        ):
            assert code_of(call, by=elsewhere, submission=handed.pk, **more) == "RND-001"
            assert code_of(call, by=blind, submission=handed.pk, **more) == "ACC-001"


class TestLocking:
    def passed(self, township: Township, village, station, code: str = make.VILLAGE) -> Submission:
        found = township.submission(code)
        homes = [township.first, township.second] if code == make.VILLAGE else [township.other]
        for home in homes:
            actions.confirm_unchanged(by=village, submission=found.pk, household=home.id)
        actions.fill_village(
            by=village, submission=found.pk, values={"rural_registered_population": 900}, state=EntryState.FILLED
        )
        actions.submit(by=village, submission=found.pk)
        return actions.pass_submission(by=station, submission=found.pk)

    def test_the_last_village_locked_ends_the_round(self, township: Township, village, station, office):
        one = self.passed(township, village, station)
        actions.lock_submission(by=office, submission=one.pk)
        assert states_of_rows(township) == {"locked"}
        township.round.refresh_from_db()
        assert (township.round.closed_at, register.data_years(Area.of([make.COUNTY]))) == (None, [2016])
        other = self.passed(township, village, station, make.OTHER_VILLAGE)
        actions.lock_submission(by=office, submission=other.pk)
        township.round.refresh_from_db()
        assert township.round.closed_at is not None
        assert register.data_years(Area.of([make.COUNTY])) == [2017, 2016]
        assert not OpenYear.objects.exists()
        assert AuditEntry.objects.filter(action="year.closed").count() == 1

    def test_what_changed_after_the_audit_is_audited_again(self, township: Township, village, station, office):
        found = self.passed(township, village, station)
        record_household_year(by=village, household=township.first.id, period=YEAR, values={"wage": 8000})
        assert code_of(actions.lock_submission, by=office, submission=found.pk) == "REG-032"
        assert code_of(actions.send_back, by=office, submission=found.pk, note="") == "RND-004"
        assert actions.send_back(by=office, submission=found.pk, note="数据有变").state == SubmissionState.SUBMITTED
        actions.pass_submission(by=station, submission=found.pk)
        assert actions.lock_submission(by=office, submission=found.pk).state == SubmissionState.LOCKED

    def test_a_locked_round_is_changed_by_correction_only(self, township: Township, village, station, office):
        actions.lock_submission(by=office, submission=self.passed(township, village, station).pk)
        write = {"by": village, "household": township.first.id, "period": YEAR, "values": {"wage": 1}}
        assert code_of(record_household_year, **write) == "REG-030"
        row = HouseholdYear.objects.get(household=township.first, data_year=2017)
        grounds = Grounds(dt.date(2018, 3, 1), "录入错误")
        change = changes.propose_year_correction(
            by=village, subject=Subject.HOUSEHOLD_YEAR, row=row.id, values={"wage": 9000}, grounds=grounds
        )
        changes.check_change(by=station, change=change.id)
        row.refresh_from_db()
        assert (row.wage, row.state) == (9000, "locked")


class TestProgress:
    def test_each_village_with_what_is_filled_and_whether_it_is_late(self, township: Township, village, office):
        submitted = actions.submit(by=village, submission=fill_all(village, township).pk)
        found = queries.progress(office, township.round.pk, today=dt.date(2018, 2, 2))
        assert [
            (line.name, line.households, line.filled, line.submission.state, line.days, line.late)
            for line in found.lines
        ] == [
            ("石磊村村民委员会", 2, 2, "submitted", -2, False),
            ("坡头村村民委员会", 1, 0, "filling", -2, True),
        ]
        assert (dict(found.states), [line.name for line in found.late]) == (
            {"submitted": 1, "filling": 1}, ["坡头村村民委员会"],
        )  # fmt: skip
        assert (found.days_to_fill, found.days_to_audit) == (-2, 26)
        assert submitted.state == SubmissionState.SUBMITTED

    def test_what_waits_for_whom(self, township: Township, village, station, office):
        found = queries.waiting_rounds(village, fills=True)
        assert (len(found.fill), found.households, found.due) == (2, 3, dt.date(2018, 1, 31))
        actions.submit(by=village, submission=fill_all(village, township).pk)
        assert queries.waiting_rounds(village, fills=True).households == 1
        self._return_with_a_remark_on_the_village_form(township, station)
        assert queries.waiting_rounds(village, fills=True).households == 1
        actions.submit(by=village, submission=fill_all(village, township).pk)
        found = queries.waiting_rounds(station, fills=False)
        assert (found.fill, [each.code for each in found.audit]) == ((), [make.VILLAGE])
        actions.pass_submission(by=station, submission=township.submission().pk)
        found = queries.waiting_rounds(office, fills=False)
        assert [each.code for each in found.lock] == [make.VILLAGE]

    @staticmethod
    def _return_with_a_remark_on_the_village_form(township: Township, station) -> None:
        """It asks for no household once more."""
        found = township.submission().pk
        actions.add_remark(by=station, submission=found, at=At(), text="户数与花名册不符")
        actions.return_submission(by=station, submission=found, mend_by=LATER)

    def test_what_lies_elsewhere_is_not_seen(self, township: Township):
        stranger = make.make_actor("621223101000", name="stranger")
        assert queries.rounds_in_sight(stranger) == []
        assert code_of(queries.progress, by=stranger, pk=township.round.pk) == "RND-001"
        assert code_of(queries.submission_in_sight, by=stranger, pk=township.submission().pk) == "RND-001"


def test_the_table_of_moves_leads_from_the_first_state_to_the_last():
    reached = {SubmissionState.FILLING}
    for _each in MOVES:
        reached |= {move.ends for move in MOVES.values() if move.begins & reached}
    assert reached == set(SubmissionState)
    assert not [verb for verb, move in MOVES.items() if SubmissionState.LOCKED in move.begins]
