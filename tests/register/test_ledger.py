"""The income ledger: entries, a second person's word, totals by account, and what totals come from. 演示数据"""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from lika.core.actors import Actor
from lika.core.audit import told
from lika.core.errors import UserError
from lika.core.ids import uuid7
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.policy import actions as policy
from lika.policy.choices import NATIONAL_ACCOUNTS
from lika.register.actions import collecting, confirm_year, documents, ledger
from lika.register.actions.documents import Owner, Paper
from lika.register.actions.ledger import Entry
from lika.register.choices import DocumentOwner, TotalsFrom, YearState
from lika.register.models import Household, HouseholdYear, IncomeEntry
from lika.register.queries import Ledger, entries_to_confirm, income_ledger
from tests import factories as make
from tests import files

pytestmark = pytest.mark.django_db

MAY = dt.date(2016, 5, 1)
PAY = Entry("wage", MAY, Decimal("8000.00"), remark="修路务工")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LIKA", replace(settings.LIKA, data_dir=tmp_path))


@pytest.fixture
def village() -> Actor:
    return make.make_actor(make.VILLAGE, name="village")


@pytest.fixture
def township() -> Actor:
    return make.make_actor(make.TOWNSHIP, name="township")


@pytest.fixture
def home() -> Household:
    make.make_division(make.OTHER_VILLAGE)
    return make.make_household(number="A1", head="石大", members=2)


def enter(by: Actor, home: Household, entry: Entry = PAY) -> IncomeEntry:
    return ledger.add_entry(by=by, household=home.id, data_year=2016, entry=entry)


def confirmed(by: Actor, other: Actor, home: Household, *entries: Entry) -> None:
    for entry in entries:
        ledger.confirm_entry(by=other, entry=enter(by, home, entry).id)


def book(by: Actor, home: Household) -> Ledger:
    return income_ledger(by=by, household=home.id, data_year=2016)


def settle(by: Actor, home: Household, totals_from: TotalsFrom = TotalsFrom.LEDGER, reason: str = "") -> None:
    ledger.settle_totals(by=by, household=home.id, data_year=2016, totals_from=totals_from, reason=reason)


def refused(call: Any, **arguments: Any) -> str:
    """The code that a call is refused with; it must leave neither entry nor audit row."""
    before = (list(IncomeEntry.objects.order_by("pk").values()), AuditEntry.objects.count())
    with pytest.raises(UserError) as error:
        call(**arguments)
    assert (list(IncomeEntry.objects.order_by("pk").values()), AuditEntry.objects.count()) == before
    return error.value.code


class TestEntries:
    def test_an_entry_counts_when_somebody_else_confirmed_it(self, village, township, home):
        made = enter(village, home)
        assert (book(village, home).net, book(village, home).waiting) == (Decimal("0.00"), 1)
        assert entries_to_confirm(by=township) == (1, (home.id, 2016))
        assert entries_to_confirm(by=village) == (0, None)
        ledger.confirm_entry(by=township, entry=made.id)
        seen = book(village, home)
        assert (seen.net, seen.waiting, entries_to_confirm(by=township)) == (Decimal("8000.00"), 0, (0, None))
        (line,) = seen.entries
        assert (line.account_id, line.on, line.amount, line.remark, line.state) == (
            "wage", MAY, Decimal("8000.00"), "修路务工", "counts",
        )  # fmt: skip
        assert (line.recorder, line.checker) == ("system:village", "system:township")
        assert list(AuditEntry.objects.order_by("at").values_list("action", "label")) == [
            ("income.entered", "A1"), ("income.confirmed", "A1"),
        ]  # fmt: skip
        assert told(AuditEntry.objects.earliest("at"))[1] == {
            "entry": str(made.id), "year": 2016, "account": "wage", "on": "2016-05-01", "amount": "8000.00",
            "document": None,
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"account": "crops_grain"}, "INC-001"),
            ({"on": dt.date(2015, 12, 31)}, "INC-002"),
            ({"on": dt.date(2017, 1, 1)}, "INC-002"),
            ({"on": dt.date(2999, 1, 1)}, "REG-029"),
            ({"amount": Decimal(0)}, "INC-003"),
            ({"amount": Decimal(-1)}, "INC-003"),
            ({"amount": Decimal("1.005")}, "INC-003"),
            ({"amount": Decimal("1e12")}, "INC-003"),
            ({"amount": Decimal("NaN")}, "INC-003"),
            ({"quantity": Decimal(0)}, "INC-003"),
            ({"remark": "长" * 201}, "REG-019"),
            ({"document": uuid7()}, "DOC-009"),
        ],
    )
    def test_what_is_wrong_with_it_is_said(self, village, home, changed, code):
        given = {"household": home.id, "data_year": 2016, "entry": replace(PAY, **changed)}
        assert refused(ledger.add_entry, by=village, **given) == code

    def test_only_in_ones_own_area_and_never_ones_own(self, village, township, home):
        stranger = make.make_actor(make.OTHER_VILLAGE, name="stranger")
        reader = make.make_actor(make.VILLAGE, permissions=[Permission.REGISTER_VIEW], name="reader")
        given = {"household": home.id, "data_year": 2016, "entry": PAY}
        assert refused(ledger.add_entry, by=stranger, **given) == "REG-001"
        assert refused(ledger.add_entry, by=reader, **given) == "ACC-001"
        made = enter(village, home)
        assert refused(ledger.confirm_entry, by=village, entry=made.id) == "INC-005"
        assert refused(ledger.confirm_entry, by=stranger, entry=made.id) == "INC-004"
        assert refused(ledger.confirm_entry, by=reader, entry=made.id) == "ACC-001"
        assert refused(ledger.confirm_entry, by=township, entry=uuid7()) == "INC-004"
        ledger.confirm_entry(by=township, entry=made.id)
        assert refused(ledger.confirm_entry, by=township, entry=made.id) == "INC-006"

    def test_a_wrong_one_is_withdrawn_and_stays(self, village, township, home):
        made = enter(village, home)
        assert refused(ledger.withdraw_entry, by=village, entry=made.id, reason=" ") == "REG-060"
        ledger.withdraw_entry(by=village, entry=made.id, reason="记到了别户")
        assert refused(ledger.withdraw_entry, by=village, entry=made.id, reason="再") == "INC-006"
        assert refused(ledger.confirm_entry, by=township, entry=made.id) == "INC-006"
        (line,) = book(village, home).entries
        assert (line.state, line.withdrawn_reason, book(village, home).net) == ("withdrawn", "记到了别户", Decimal(0))

    def test_evidence_is_a_paper_of_the_household_that_counts(self, village, home):
        other = make.make_household(number="B1")
        own, foreign = (
            documents.add_document(
                by=village, owner=Owner(DocumentOwner.HOUSEHOLD, each.id), paper=Paper("06"), content=files.pdf()
            )
            for each in (home, other)
        )
        assert book(village, home).entries == ()
        enter(village, home, replace(PAY, document=own.id))
        assert [line.document for line in book(village, home).entries] == [own.id]
        given = {"household": home.id, "data_year": 2016}
        assert refused(ledger.add_entry, by=village, entry=replace(PAY, document=foreign.id), **given) == "DOC-009"
        documents.withdraw_document(by=village, document=own.id, reason="看不清")
        assert refused(ledger.add_entry, by=village, entry=replace(PAY, document=own.id), **given) == "DOC-009"

    def test_a_locked_year_refuses(self, village, township, home):
        made = enter(village, home)
        make.make_household_year(home, state=YearState.LOCKED)
        given = {"household": home.id, "data_year": 2016}
        assert refused(ledger.add_entry, by=village, entry=PAY, **given) == "REG-030"
        assert refused(ledger.confirm_entry, by=township, entry=made.id) == "REG-030"
        assert refused(ledger.withdraw_entry, by=village, entry=made.id, reason="错") == "REG-030"
        call = ledger.settle_totals
        assert refused(call, by=village, totals_from=TotalsFrom.LEDGER, reason="", **given) == "REG-030"
        seen = book(village, home)
        assert (seen.is_locked, seen.may_add, seen.may_settle) == (True, False, False)
        assert [(line.may_confirm, line.may_withdraw) for line in seen.entries] == [(False, False)]

    def test_whoever_sees_no_names_sees_no_amounts(self, village, township, home):
        confirmed(village, township, home, PAY)
        masked = make.make_actor(make.VILLAGE, permissions=[Permission.REGISTER_VIEW], name="masked")
        seen = book(masked, home)
        assert (seen.in_full, seen.entries, seen.totals, seen.net, seen.per_head) == (False, (), (), Decimal(0), None)


class TestTotals:
    ENTRIES = (
        PAY,
        Entry("operating", MAY, Decimal("3000.50")),
        Entry("operating", dt.date(2016, 9, 1), Decimal("1000.00"), Decimal("500.00")),
        Entry("expense_operating", MAY, Decimal("2000.25")),
    )

    def test_by_account_net_and_a_head(self, village, township, home):
        confirmed(village, township, home, *self.ENTRIES)
        seen = book(village, home)
        held = {total.account.id: total.ledger for total in seen.totals if total.ledger}
        assert held == {
            "wage": Decimal("8000.00"), "operating": Decimal("4000.50"), "expense_operating": Decimal("2000.25"),
        }  # fmt: skip
        assert tuple(total.account.id for total in seen.totals) == NATIONAL_ACCOUNTS
        assert (seen.net, seen.members, seen.per_head) == (Decimal("10000.25"), 2, Decimal("5000.13"))

    def test_the_ledger_becomes_the_totals_of_the_year(self, village, township, home):
        confirmed(village, township, home, *self.ENTRIES)
        assert (book(village, home).totals_from, book(village, home).unsettled) == (None, True)
        settle(village, home)
        year = HouseholdYear.objects.get(household=home)
        assert (year.wage, year.operating, year.transfer_dibao, year.expense_operating, year.net_income) == (
            Decimal("8000.00"), Decimal("4000.50"), Decimal("0.00"), Decimal("2000.25"), Decimal("10000.25"),
        )  # fmt: skip
        seen = book(village, home)
        assert (seen.totals_from, seen.unsettled) == (TotalsFrom.LEDGER, False)
        assert {total.difference for total in seen.totals} == {Decimal("0.00")}

    def test_what_was_entered_whole_differs_until_somebody_decides(self, village, township, home):
        year = make.make_household_year(home, wage=Decimal(9000), recorded_by="someone")
        assert (book(village, home).totals_from, book(village, home).unsettled) == (TotalsFrom.ENTERED, False)
        assert {total.difference for total in book(village, home).totals} == {None}  # the ledger holds nothing yet
        confirmed(village, township, home, PAY)
        seen = book(village, home)
        assert (seen.totals_from, seen.unsettled) == (None, True)
        assert {total.account.id: total.difference for total in seen.totals if total.difference} == {
            "wage": Decimal("-1000.00")
        }
        assert refused(confirm_year, by=township, row=year) == "INC-008"
        given = {"by": village, "household": home.id, "data_year": 2016, "totals_from": TotalsFrom.ENTERED}
        assert refused(ledger.settle_totals, reason=" ", **given) == "REG-060"
        whole = {"village": make.VILLAGE, "households": [home.id], "data_year": 2016}
        assert refused(collecting.confirm_years, by=township, **whole) == "INC-008"
        settle(village, home, TotalsFrom.ENTERED, "台账只记了务工收入")
        assert (book(village, home).totals_from, book(village, home).unsettled) == (TotalsFrom.ENTERED, False)
        assert confirm_year(by=township, row=year).state == YearState.CONFIRMED

    def test_a_later_entry_asks_anew(self, village, township, home):
        for totals_from in TotalsFrom:
            confirmed(village, township, home, PAY)
            assert book(village, home).unsettled
            settle(village, home, totals_from, "核对无误")
            assert book(village, home).unsettled is False

    def test_nothing_is_decided_before_all_is_confirmed(self, village, township, home):
        given = {"by": village, "household": home.id, "data_year": 2016, "totals_from": TotalsFrom.LEDGER, "reason": ""}
        assert refused(ledger.settle_totals, **given) == "INC-009"
        confirmed(village, township, home, PAY)
        enter(village, home, Entry("operating", MAY, Decimal(10)))
        assert refused(ledger.settle_totals, **given) == "INC-007"
        assert refused(ledger.settle_totals, **{**given, "totals_from": TotalsFrom.ENTERED}) == "INC-009"

    def test_accounts_of_the_county_count_for_those_above_them(self, township):
        make.make_division("451081200202")
        home = make.make_household("451081200202", number="G1", members=1)
        by = make.make_actor("451081000000", name="county")
        other = make.make_actor("451081000000", name="other")
        policy.load(by=make.make_actor("000000000000"), path=settings.LIKA.packs_dir / "cn-guangxi-jingxi/2014")
        policy.activate(by=make.make_actor("000000000000"), reference="cn-guangxi-jingxi/2014")
        for account, amount in [("crops_grain", 100), ("crops", 20), ("dibao_a", 7), ("donation", 5)]:
            made = ledger.add_entry(
                by=by, household=home.id, data_year=2015, entry=Entry(account, dt.date(2015, 6, 1), Decimal(amount))
            )
            ledger.confirm_entry(by=other, entry=made.id)
        seen = income_ledger(by=by, household=home.id, data_year=2015)
        held = {total.account.id: (total.account.depth, total.ledger) for total in seen.totals if total.ledger}
        assert held == {
            "operating": (0, Decimal(120)), "crops": (1, Decimal(120)), "crops_grain": (2, Decimal(100)),
            "transfer_dibao": (0, Decimal(7)), "dibao_a": (1, Decimal(7)),
            "transfer_other": (0, Decimal(5)), "donation": (1, Decimal(5)),
        }  # fmt: skip
        assert (seen.net, seen.counted) == (Decimal(132), Decimal(127))  # a gift is no stable income


class TestChange:
    def years(self, home: Household, *nets: int) -> None:
        for number, net in enumerate(nets):
            make.make_household_year(home, 2015 + number, wage=Decimal(net))

    def test_against_last_year_a_head(self, village, home):
        self.years(home, 4000, 5000)
        seen = book(village, home)
        assert (seen.last_per_head, seen.per_head, seen.change) == (Decimal(2000), Decimal(2500), Decimal("0.25"))
        assert (seen.book.change_share, seen.pointed_out) == (None, False)  # 待补充依据

    @pytest.mark.parametrize(("net", "pointed_out"), [(5200, False), (5201, True), (2800, False), (2799, True)])
    def test_it_is_pointed_out_beyond_the_share_of_the_pack(self, village, home, net, pointed_out):
        by = make.make_actor("000000000000", name="policy")
        policy.load(by=by, path=settings.LIKA.packs_dir / "demo/cn-record")
        policy.activate(by=by, reference="demo/cn-record")
        self.years(home, 4000, net)
        seen = book(village, home)
        assert (seen.book.change_share, seen.book.is_demo, seen.pointed_out) == (Decimal("0.30"), True, pointed_out)

    def test_without_a_last_year_there_is_none(self, village, home):
        make.make_household_year(home, wage=Decimal(1))
        assert (book(village, home).change, book(village, home).pointed_out) == (None, False)
