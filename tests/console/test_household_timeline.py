"""All that happened to a household on one line, by kind and by permission; looking at what is masked. 演示数据"""

import datetime as dt

import pytest
from django.utils import timezone

from lika.accounts.choices import Role
from lika.core.errors import NotFound, PermissionRefused
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.register.actions.reveal import HouseholdSecret, PersonSecret, reveal_household, reveal_person
from lika.register.actions.years import confirm_year, lock_year
from lika.register.models import Household, HouseholdYear, Membership, Person
from lika.register.queries import household_traces
from lika.snapshots.models import Screening
from tests import factories as make
from tests.console.officials import signed_in
from tests.snapshots.conftest import Register

pytestmark = pytest.mark.django_db

PHONE = "13800001234"


@pytest.fixture
def household() -> Household:
    """Identified in 2014 with one year; a member joined in 2015; the village office recorded it all."""
    home = make.make_household(number="T1", head="石甲", phone=PHONE, status_on=dt.date(2014, 6, 1))
    bride = make.make_person(home, name="石乙", relation="05")
    Membership.objects.filter(person=bride).update(joined_on=dt.date(2015, 2, 3), join_reason="05")
    make.make_household_year(home)
    return home


def page_of(household: Household, kind: str = "") -> str:
    return f"/households/{household.id}/{'?kind=' + kind if kind else ''}"


def timeline(household: Household, role: Role = Role.COUNTY, kind: str = ""):
    return signed_in(role).get(page_of(household, kind)).context["timeline"]


class TestTimeline:
    def test_all_kinds_on_one_line_the_latest_first(self, household: Household):
        today = timezone.localdate()
        told = [(event.on, event.family, event.title, event.text) for event in timeline(household).events]
        assert told == [
            (today, "year", "2016年度数据入库", "草稿，标准时期截至2016-12-31"),
            (dt.date(2015, 2, 3), "member", "石乙加入本户", "之儿媳 · 嫁入"),
            (dt.date(2014, 6, 1), "status", "脱贫属性 未脱贫", ""),
        ]

    def test_it_narrows_to_one_kind_and_counts_them_all(self, household: Household):
        found = timeline(household, kind="member")
        assert [event.family for event in found.events] == ["member"]
        assert ([(str(kind), count) for kind, count in found.counts], found.total) == (
            [("member", 1), ("status", 1), ("year", 1)],
            3,
        )

    def test_an_unknown_kind_keeps_all(self, household: Household):
        found = timeline(household, kind="nothing")
        assert (len(found.events), found.chosen) == (3, "")

    def test_a_move_to_another_village_is_an_event(self, household: Household):
        make.make_division(make.OTHER_VILLAGE)
        household.placements.update(started_on=dt.date(2016, 5, 1))
        household.placements.create(
            division_id=make.OTHER_VILLAGE, village=int(make.OTHER_VILLAGE), ended_on=dt.date(2016, 5, 1)
        )
        events = timeline(household, kind="placement").events
        assert [(event.on, event.title, event.text) for event in events] == [
            (dt.date(2016, 5, 1), "迁入现住址", "甘肃省 陇南市 宕昌县 城关镇 石磊村")
        ]

    def test_who_sees_masks_is_told_of_no_person(self, household: Household):
        told = timeline(household, Role.PREFECTURE)
        assert [str(kind) for kind, _count in told.counts] == ["status", "year"]
        assert "石乙" not in " ".join(event.title for event in told.events)

    @pytest.mark.django_db(transaction=True)
    def test_screenings_lead_to_their_page_with_their_result(self, screened: Screening, register: Register):
        (event,) = timeline(register.dry, kind="screening").events
        assert (event.title, event.text, event.url, event.kind) == (
            "退出：不符合",
            "测试退出标准 · 2016-12-31",
            f"/screenings/{screened.pk}/",
            "not_met",
        )


class TestAudit:
    @pytest.fixture
    def traced(self, household: Household) -> Household:
        """Confirmed, locked, and looked at."""
        clerk = make.make_actor(make.COUNTY, name="clerk")
        confirm_year(by=clerk, row=HouseholdYear.objects.get(household=household))
        lock_year(by=clerk, row=HouseholdYear.objects.get(household=household))
        reveal_household(by=clerk, household=household.id, field=HouseholdSecret.PHONE, reason="核实低保")
        return household

    def test_who_did_what_when_is_told_to_those_who_read_the_audit(self, traced: Household):
        events = timeline(traced, kind="audit").events
        told = [(event.title, event.text.split(" · ")[1:]) for event in events]
        assert told == [
            ("查看完整信息", ["system:clerk", "联系电话", "核实低保"]),
            ("年度数据锁定", ["system:clerk"]),
            ("年度数据确认", ["system:clerk"]),
        ]

    @pytest.mark.parametrize("role", [Role.VILLAGE, Role.TOWNSHIP, Role.DEPARTMENT])
    def test_a_post_without_the_audit_sees_none_of_it(self, traced: Household, role: Role):
        response = signed_in(role).get(page_of(traced))
        assert "audit" not in [str(kind) for kind, _count in response.context["timeline"].counts]
        assert response.context["looks"] == []
        assert "核实低保" not in response.content.decode()

    def test_who_reads_the_audit_without_names_reads_no_reason(self, traced: Household):
        events = timeline(traced, Role.PREFECTURE, "audit").events
        assert [event.text.split(" · ")[1:] for event in events] == [["system:clerk"]] * 3

    def test_an_entry_about_a_member_stays_with_the_household_that_it_names(self, household: Household):
        clerk = make.make_actor(make.COUNTY, name="clerk")
        person = Person.objects.get(name="石乙")
        reveal_person(by=clerk, household=household.id, person=person.id, field=PersonSecret.ID_NUMBER, reason="核对")
        Membership.objects.filter(person=person).update(left_on=dt.date(2016, 1, 1), leave_reason="08")
        later = make.make_household(number="T2")
        Membership.objects.create(
            person=person, household=later, village=later.village, relation="99", joined_on=dt.date(2016, 1, 1)
        )
        assert [len(timeline(home, kind="audit").events) for home in (household, later)] == [1, 0]

    def test_the_query_asks_permission_and_sight_itself(self, traced: Household):
        blind = make.make_actor(make.COUNTY, permissions=(Permission.REGISTER_VIEW,))
        with pytest.raises(PermissionRefused) as refused:
            household_traces(by=blind, household=traced.id)
        assert refused.value.code == "ACC-001"
        with pytest.raises(NotFound) as missing:
            household_traces(by=make.make_actor(make.OTHER_VILLAGE), household=traced.id)
        assert missing.value.code == "REG-001"
        assert len(household_traces(by=make.make_actor(make.COUNTY), household=traced.id)) == 3


class TestLooks:
    def reveal(self, household: Household, **asked: str):
        return signed_in(Role.COUNTY).post(f"{page_of(household)}reveal/", {"what": "phone", **asked})

    def test_a_purpose_of_the_list_is_reason_enough_and_words_are_added(self, household: Household):
        assert self.reveal(household, purpose="payment").context["revealed"].value == PHONE
        self.reveal(household, purpose="contact", reason="通知开会")
        reasons = AuditEntry.objects.filter(action="household.revealed").order_by("at").values_list("reason", flat=True)
        assert list(reasons) == ["核对补贴发放", "联系农户 · 通知开会"]

    @pytest.mark.parametrize("asked", [{}, {"purpose": ""}, {"purpose": "curiosity"}, {"reason": "核" * 161}])
    def test_without_purpose_and_words_nothing_is_shown(self, household: Household, asked: dict[str, str]):
        response = self.reveal(household, **asked)
        assert "revealed" not in response.context
        assert PHONE not in response.content.decode()
        assert not AuditEntry.objects.filter(action="household.revealed").exists()

    def test_the_remedy_is_told(self, household: Household):
        content = self.reveal(household).content.decode()
        assert "请说明理由。" in content
        assert "请从列表中选择，或用文字说明。" in content

    def test_what_is_shown_expires_and_is_not_printed(self, household: Household):
        content = self.reveal(household, purpose="identity").content.decode()
        shown = content.split('<div class="revealed')[1].split("</div>\n")[0]
        assert shown.startswith(' d-print-none" role="status" data-expires="60">')
        assert PHONE in shown
        assert content.count(PHONE) == 1

    def test_who_looked_lately_is_told_at_once_to_readers_of_the_audit(self, household: Household):
        for number in range(6):
            response = self.reveal(household, purpose="identity", reason=f"第{number}次")
        looks = response.context["looks"]
        assert [look.reason for look in looks] == [f"核实身份信息 · 第{number}次" for number in (5, 4, 3, 2, 1)]
        assert {look.field for look in looks} == {"联系电话"}


def test_the_paper_says_who_printed_it(household: Household):
    content = signed_in(Role.COUNTY).get(page_of(household)).content.decode()
    line = content.split('<p class="print-only">')[1].split("</p>")[0]
    assert line.startswith("打印人：演示·官员")


def test_documents_are_told_honestly(household: Household):
    content = signed_in(Role.COUNTY).get(page_of(household)).content.decode()
    assert "还没有材料" in content.split('id="documents"')[1].split("</section>")[0]
