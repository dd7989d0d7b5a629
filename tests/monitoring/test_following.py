"""Following a fault up: assign, mend, explain, recheck. Nobody silences an error."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from lika.accounts.choices import Role
from lika.accounts.models import Official
from lika.core.errors import PermissionRefused, UserError
from lika.core.ids import uuid7
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.monitoring import actions
from lika.monitoring.models import QualityFault
from lika.monitoring.queries.faults import may_mend
from lika.register.models import Household, HouseholdYear, PersonYear
from tests import factories as make
from tests.console.officials import official, signed_in
from tests.monitoring.conftest import Check


def fault(rule: str) -> QualityFault:
    return QualityFault.objects.get(rule=rule)


def refused(act, **given) -> str:
    with pytest.raises(UserError) as raised:
        act(**given)
    return raised.value.code


def test_a_warning_is_explained_with_a_remark_and_an_error_is_not(check: Check, actor) -> None:
    check()
    assert refused(actions.explain, by=actor, fault=fault("dibao_plausible").pk, remark="  ") == "QUA-012"
    done = actions.explain(by=actor, fault=fault("dibao_plausible").pk, remark="年中新纳入，只领一个月")
    assert (done.state, done.remark) == ("explained", "年中新纳入，只领一个月")
    error = fault("one_head")
    assert refused(actions.explain, by=actor, fault=error.pk, remark="情况属实") == "QUA-014"
    with pytest.raises(IntegrityError), transaction.atomic():
        QualityFault.objects.filter(pk=error.pk).update(state="explained", remark="情况属实")
    check()
    assert (fault("dibao_plausible").state, fault("one_head").state) == ("explained", "open")
    told = AuditEntry.objects.filter(action="quality.explain").values_list("new", flat=True)
    assert "年中新纳入" not in str(list(told))


def test_a_fault_is_assigned_until_a_day_that_has_not_passed(check: Check, actor) -> None:
    check()
    today = timezone.localdate()
    mender = villager(make.OTHER_VILLAGE)
    given = {"by": actor, "fault": fault("one_head").pk, "to": mender.pk}
    assert refused(actions.assign, **given, deadline=today - dt.timedelta(days=1)) == "QUA-013"
    done = actions.assign(**given, deadline=today)
    assert (done.state, done.assignee, done.assigned_to, done.deadline) == ("assigned", mender, "演示·官员", today)
    # The national library gives no number of days, so nobody is told a day that no document sets.
    assert actions.assign(**given).deadline is None
    check()
    assert (fault("one_head").state, fault("one_head").assignee) == ("assigned", mender)


def test_only_who_may_mend_there_is_given_a_fault(check: Check, actor) -> None:
    check()
    found = fault("one_head")  # of the other village
    near = [villager(make.OTHER_VILLAGE), villager(make.TOWNSHIP, Role.TOWNSHIP), villager(make.COUNTY, Role.COUNTY)]
    far = [villager(make.VILLAGE), villager(make.COUNTY, Role.AUDITOR)]
    assert {each.pk for each in may_mend(found)} == {each.pk for each in near}
    for stranger in far:
        assert refused(actions.assign, by=actor, fault=found.pk, to=stranger.pk) == "QUA-015"
    assert fault("one_head").assignee is None


def test_what_is_late_is_marked_counted_and_told_to_whom_it_was_given(check: Check, actor) -> None:
    check()
    client, other = signed_in(Role.VILLAGE, make.OTHER_VILLAGE), signed_in(Role.COUNTY)
    mender = Official.objects.get(posts__role=Role.VILLAGE)
    today = timezone.localdate()
    late, soon = (
        fault("one_head"),
        QualityFault.objects.filter(village=int(make.OTHER_VILLAGE)).exclude(rule="one_head")[0],
    )
    for each in (late, soon):
        actions.assign(by=actor, fault=each.pk, to=mender.pk, deadline=today)
    told = "2个数据问题交您整改"
    assert waiting(client) == [
        (told, f"最早一件应于{today.year}年{today.month}月{today.day}日前办结。更正台账后提请复核。")
    ]
    QualityFault.objects.filter(pk=late.pk).update(deadline=today - dt.timedelta(days=1))
    assert waiting(client) == [(told, "其中1个已超过整改期限。更正台账后提请复核。")]
    assert waiting(other) == []
    page = client.get("/quality/faults/?mine=1").context["lines"]
    assert [(line["fault"].pk, line["sign"]) for line in page] == [(late.pk, "late"), (soon.pk, "waiting")]
    assert [line["fault"].pk for line in other.get("/quality/faults/?late=1").context["lines"]] == [late.pk]
    assert other.get("/quality/").context["late"] == 1
    actions.fix(by=actor, fault=late.pk)
    assert (other.get("/quality/").context["late"], fault("one_head").is_late) == (0, False)
    assert [title for title, _told in waiting(client)] == ["1个数据问题交您整改"]


def waiting(client: Client) -> list[tuple[str, str]]:
    """What the home page tells of faults."""
    found = client.get("/").context["waiting"]
    return [(task.title, task.explanation) for task in found if task.url.startswith("/quality/faults/")]


def villager(division: str, role: Role = Role.VILLAGE) -> Official:
    return Official.objects.get(user=official(role, division))


def test_a_recheck_asks_the_register_as_it_stands_now(check: Check, actor, home: Household) -> None:
    check()
    dibao, twice = fault("dibao_plausible"), fault("insured_once")
    actions.fix(by=actor, fault=dibao.pk)
    assert actions.recheck(by=actor, fault=dibao.pk).state == "open"
    HouseholdYear.objects.filter(household=home).update(transfer_dibao=Decimal(200))
    assert actions.recheck(by=actor, fault=dibao.pk).state == "rechecked"
    assert refused(actions.recheck, by=actor, fault=dibao.pk) == "QUA-011"
    assert refused(actions.fix, by=actor, fault=dibao.pk) == "QUA-011"
    assert actions.recheck(by=actor, fault=twice.pk).state == "open"
    PersonYear.objects.update(medical_employee=False)
    assert actions.recheck(by=actor, fault=twice.pk).state == "rechecked"


def test_each_step_has_its_permission_and_its_place(check: Check) -> None:
    check()
    found = fault("insured_once")
    looker = make.make_actor(make.COUNTY, permissions=[Permission.QUALITY_VIEW], name="looker")
    mender = make.make_actor(
        make.OTHER_VILLAGE, permissions=[Permission.QUALITY_VIEW, Permission.QUALITY_MEND], name="mender"
    )
    for act in (actions.fix, actions.recheck):
        with pytest.raises(PermissionRefused):
            act(by=looker, fault=found.pk)
        assert refused(act, by=mender, fault=found.pk) == "QUA-010"
    with pytest.raises(PermissionRefused):
        actions.assign(by=mender, fault=fault("one_head").pk, to=uuid7())
    assert actions.fix(by=mender, fault=fault("one_head").pk).state == "fixed"
