"""Following a fault up: assign, mend, explain, recheck. Nobody silences an error."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from lika.core.errors import PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.monitoring import actions
from lika.monitoring.models import QualityFault
from lika.register.models import Household, HouseholdYear, PersonYear
from tests import factories as make
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
    given = {"by": actor, "fault": fault("one_head").pk, "to": "演示·村干部"}
    assert refused(actions.assign, **given, deadline=today - dt.timedelta(days=1)) == "QUA-013"
    done = actions.assign(**given, deadline=today)
    assert (done.state, done.assigned_to, done.deadline) == ("assigned", "演示·村干部", today)
    # The national library gives no number of days, so nobody is told a day that no document sets.
    assert actions.assign(**given).deadline is None
    check()
    assert (fault("one_head").state, fault("one_head").assigned_to) == ("assigned", "演示·村干部")


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
        actions.assign(by=mender, fault=fault("one_head").pk, to="演示")
    assert actions.fix(by=mender, fault=fault("one_head").pk).state == "fixed"
