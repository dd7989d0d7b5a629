"""A round is opened, and a village fills it: whole households, drafts, last year's values, rules. 演示数据"""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from lika.collection.rounds import actions
from lika.collection.rounds.actions import Dates
from lika.collection.rounds.choices import EntryState, SubmissionState
from lika.collection.rounds.models import Entry, Round
from lika.collection.rounds.queries import village_standing
from lika.core.areas import Area
from lika.core.errors import ManyErrors, UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.register import queries as register
from lika.register.models import HouseholdYear, PersonYear, VillageYear
from tests import factories as make
from tests.collection.rounds.conftest import DATES, OWN, THEIRS, YEAR, Township, fill_all, filling, persons_of

pytestmark = pytest.mark.django_db
HERE = Area.of([make.COUNTY])


def code_of(call, **arguments) -> str:
    with pytest.raises(UserError) as refused:
        call(**arguments)
    return refused.value.code


class TestOpening:
    def test_every_village_with_households_gets_its_submission(self, township: Township):
        assert [(each.code, each.state, each.due_on) for each in township.round.submissions.all()] == [
            (make.VILLAGE, SubmissionState.FILLING, DATES.fill_by),
            (make.OTHER_VILLAGE, SubmissionState.FILLING, DATES.fill_by),
        ]
        assert AuditEntry.objects.filter(action="round.opened").count() == 1

    def test_it_is_refused_where_it_makes_no_sense(self, township: Township, office, station):
        asked = {"by": office, "division": make.TOWNSHIP, "period": YEAR, "dates": DATES}
        later = replace(YEAR, data_year=2018, period_from=dt.date(2018, 1, 1), period_to=dt.date(2018, 12, 31))
        assert code_of(actions.open_round, **asked) == "REG-090"
        assert code_of(actions.open_round, **asked | {"division": make.COUNTY}) == "REG-090"
        assert code_of(actions.open_round, **asked | {"division": make.VILLAGE, "period": later}) == "RND-005"
        assert code_of(actions.open_round, **asked | {"period": replace(YEAR, data_year=2019)}) == "RND-006"
        assert code_of(actions.open_round, **asked | {"dates": Dates(DATES.audit_by, DATES.fill_by)}) == "RND-007"
        past = replace(YEAR, data_year=2016, period_from=dt.date(2016, 1, 1), period_to=dt.date(2016, 12, 31))
        assert code_of(actions.open_round, **asked | {"period": past}) == "RND-008"
        make.make_division("621223101201")
        empty = asked | {"division": "621223101000", "period": later}
        assert code_of(actions.open_round, **empty) == "RND-009"
        assert code_of(actions.open_round, **empty | {"by": station}) == "ACC-002"
        keeps_none = make.make_actor(permissions=set(Permission) - {Permission.ROUND_KEEP})
        assert code_of(actions.open_round, **empty | {"by": keeps_none}) == "ACC-001"
        assert Round.objects.count() == 1

    def test_the_year_is_no_figure_of_the_area_while_it_is_collected(self, township: Township, village):
        fill_all(village, township)
        assert register.data_years(HERE) == [2016]
        assert register.rural_populations(HERE, 5) == {}


class TestFilling:
    def fill(self, township: Township, by, **given):
        return actions.fill_household(
            by=by,
            submission=township.submission().pk,
            household=township.first.id,
            filling=filling(township.first, **given),
        )

    def test_last_year_is_what_the_form_begins_with(self, township: Township, village):
        asked = {"by": village, "household": township.first.id, "data_year": 2017, "at": YEAR.period_to}
        whole = register.whole_year(**asked)
        assert [(part.unit, part.name, part.before_year, part.now) for part in whole.parts] == [
            ("household", "", 2016, None),
            ("person", "石演示", 2016, None),
            ("person", "石演示一", 2016, None),
        ]
        assert [whole.own.shown("wage"), whole.members[1].shown("education")] == [Decimal(12000), "02"]
        assert (whole.differences, whole.may_be_unchanged) == (0, True)
        self.fill(township, village, wage=Decimal(13000))
        whole = register.whole_year(**asked)
        assert [whole.own.differs(name) for name in ("wage", "safe_water")] == [True, False]
        assert (whole.differences, whole.may_be_unchanged) == (1, False)

    def test_a_household_is_written_whole_as_drafts_of_the_year(self, township: Township, village):
        done = self.fill(township, village, wage=Decimal(13000))
        assert (done.entry.state, done.asks, done.entry.differences) == (EntryState.FILLED, False, 1)
        row = HouseholdYear.objects.get(household=township.first, data_year=2017)
        assert (row.wage, row.state, row.recorded_by, row.period_to) == (13000, "draft", village.name, YEAR.period_to)
        assert PersonYear.objects.filter(person__in=persons_of(township.first), data_year=2017).count() == 2
        assert HouseholdYear.objects.get(household=township.first, data_year=2016).wage == 12000

    def test_nobody_is_left_out(self, township: Township, village):
        given = filling(township.first)
        part = replace(given, members=dict([next(iter(given.members.items()))]))
        asked = {"by": village, "submission": township.submission().pk, "household": township.first.id}
        assert code_of(actions.fill_household, **asked, filling=part) == "RND-012"
        blank = replace(given, members={key: {"education": "", "dibao": None} for key in given.members})
        assert code_of(actions.fill_household, **asked, filling=blank) == "RND-012"
        assert code_of(actions.fill_household, **asked, filling=replace(given, own={"wage": None})) == "RND-012"
        assert not HouseholdYear.objects.filter(data_year=2017).exists()

    def test_a_draft_may_be_a_part(self, township: Township, village):
        given = replace(filling(township.first), members={}, state=EntryState.DRAFT)
        asked = {"by": village, "submission": township.submission().pk, "household": township.first.id}
        assert actions.fill_household(**asked, filling=given).entry.state == EntryState.DRAFT
        (line, _other) = village_standing(by=village, submission=township.submission()).lines
        assert (line.household.members, line.household.written, line.is_done) == (2, 0, False)

    def test_doubt_says_why(self, township: Township, village):
        with pytest.raises(UserError, match="RND-004"):
            self.fill(township, village, state=EntryState.DOUBT)
        done = self.fill(township, village, state=EntryState.DOUBT, remark="户主外出，收入待核")
        assert (done.entry.state, done.entry.remark) == (EntryState.DOUBT, "户主外出，收入待核")

    def test_a_value_out_of_bounds_refuses(self, township: Township, village):
        with pytest.raises(ManyErrors) as refused:
            self.fill(township, village, house_area=Decimal(-1))
        assert refused.value.code == "REG-010"
        assert not Entry.objects.exists()

    def test_a_warning_keeps_a_draft_until_a_remark_says_why(self, township: Township, village):
        warned = {"transfer_dibao": Decimal(5000), "dibao_listed": False}
        done = self.fill(township, village, **warned)
        assert (done.asks, done.entry.state) == (True, EntryState.DRAFT)
        assert [rule.id for rule in done.faults] == done.entry.warnings == ["dibao_is_listed"]
        done = self.fill(township, village, **warned, remark="低保名单下月更新")
        assert (done.asks, done.entry.state) == (False, EntryState.FILLED)

    def test_unchanged_is_said_once_and_copies_last_year(self, township: Township, village):
        asked = {"by": village, "submission": township.submission().pk, "household": township.first.id}
        entry = actions.confirm_unchanged(**asked)
        assert (entry.state, entry.unchanged, entry.differences) == (EntryState.FILLED, True, 0)
        row = HouseholdYear.objects.get(household=township.first, data_year=2017)
        assert {name: getattr(row, name) for name in OWN} == OWN
        years = PersonYear.objects.filter(person__in=persons_of(township.first), data_year=2017)
        assert [{name: getattr(year, name) for name in THEIRS} for year in years] == [THEIRS, THEIRS]

    def test_unchanged_is_refused_for_newcomers_and_for_what_was_changed(self, township: Township, village):
        asked = {"by": village, "submission": township.submission().pk}
        make.make_person(township.first, name="石新生", joined_on=dt.date(2017, 6, 1))  # without last year
        assert code_of(actions.confirm_unchanged, **asked, household=township.first.id) == "RND-013"
        changed = filling(township.second, wage=Decimal(1))
        actions.fill_household(**asked, household=township.second.id, filling=changed)
        assert code_of(actions.confirm_unchanged, **asked, household=township.second.id) == "RND-013"

    def test_only_its_own_village_fills(self, township: Township, village):
        asked = {"by": village, "submission": township.submission().pk, "filling": filling(township.other)}
        assert code_of(actions.fill_household, **asked, household=township.other.id) == "RND-011"
        stranger = make.make_actor(make.OTHER_VILLAGE, name="stranger")
        mine = {"submission": township.submission().pk, "filling": filling(township.first)}
        assert code_of(actions.fill_household, **mine, by=stranger, household=township.first.id) == "RND-001"

    def test_what_a_workbook_brought_whole_is_taken_up(self, township: Township, village):
        for person in persons_of(township.first):
            PersonYear.objects.create(person_id=person, village=int(make.VILLAGE), **make.period(2017), **THEIRS)
        make.make_household_year(township.first, 2017, **OWN)
        make.make_household_year(township.second, 2017, **OWN)  # its member is missing
        standing = village_standing(by=village, submission=township.submission())
        assert standing.brought == 1
        assert actions.take_up(by=village, submission=township.submission().pk) == 1
        standing = village_standing(by=village, submission=township.submission())
        assert [(line.household.number, line.is_done) for line in standing.lines] == [("R1", True), ("R2", False)]
        assert standing.brought == 0

    def test_the_form_of_the_village(self, township: Township, village):
        asked = {"by": village, "submission": township.submission().pk}
        empty = {"values": {"rural_households": None}, "state": EntryState.FILLED}
        assert code_of(actions.fill_village, **asked, **empty) == "RND-015"
        entry = actions.fill_village(**asked, values={"rural_households": 210}, state=EntryState.FILLED)
        assert (entry.household, entry.state) == (None, EntryState.FILLED)
        assert VillageYear.objects.get(data_year=2017).rural_households == 210
