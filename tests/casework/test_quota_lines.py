"""A village's number among whole households: the line in the list, and the guard before the announcement. 演示数据"""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from lika.casework.actions.guarding_quotas import within_the_number
from lika.casework.choices import CampaignState
from lika.casework.models import Batch, Campaign, Case, Quota
from lika.casework.queries.cases import procedure_of
from lika.casework.queries.quota_lines import quota_line, quota_of
from lika.core.errors import UserError
from lika.divisions.models import Division
from tests.casework.going import VILLAGE, begun, place

pytestmark = pytest.mark.django_db


def numbered(persons: int, households: int = 3) -> Batch:
    """A batch whose village has a locked number; its households have two members each."""
    batch = begun(place(households))
    Quota.objects.create(
        campaign=batch.campaign, division=Division.objects.get(code=VILLAGE), number=int(VILLAGE), allocated=persons,
        parent=Quota.objects.get(campaign=batch.campaign, parent=None),
    )  # fmt: skip
    Campaign.objects.update(state=CampaignState.LOCKED)
    return Batch.objects.select_related("campaign").get(pk=batch.pk)


@pytest.mark.parametrize(("persons", "rule", "within", "crossing", "beyond"), [
    (6, None, 6, None, []), (5, None, 4, 2, []), (4, None, 4, None, [2]), (3, None, 2, 1, [2]),
    (0, None, 0, None, [0, 1, 2]), (5, True, 4, 2, []), (3, True, 2, 1, [2]), (5, False, 4, None, [2]),
    (3, False, 2, None, [1, 2]), (6, False, 6, None, []),
])  # fmt: skip
def test_the_line_never_splits_a_household(persons, rule, within, crossing, beyond):
    batch = numbered(persons)
    cases = list(Case.objects.order_by("number"))
    assert quota_of(batch) == persons
    line = quota_line(persons, cases, rule)
    assert (line.persons, line.crossing, line.by_rule, sorted(map(str, line.beyond))) == (
        within, None if crossing is None else cases[crossing].pk, rule is True,
        sorted(str(cases[each].pk) for each in beyond),
    )  # fmt: skip


def entering(batch: Batch, cases: list[Case], rule: bool | None = None) -> None:
    procedure = replace(procedure_of(batch), crossing=rule)
    standing = SimpleNamespace(batch=batch, procedure=procedure)
    within_the_number(standing, procedure.stage("announcement"), cases)


def test_nobody_beyond_the_number_comes_to_the_announcement():
    batch = numbered(3)
    cases = list(Case.objects.order_by("number"))
    with pytest.raises(UserError) as caught:
        entering(batch, cases)
    assert caught.value.code == "CAS-059"
    with pytest.raises(UserError) as caught:
        entering(batch, cases[:2], rule=False)
    assert caught.value.code == "CAS-059"
    entering(batch, cases[:1], rule=False)
    entering(batch, cases[:2])
    Case.objects.filter(pk__in=[each.pk for each in cases[:2]]).update(state="done")
    with pytest.raises(UserError):
        entering(batch, cases[2:])


def test_numbers_that_are_not_locked_hold_nobody_back():
    batch = numbered(0)
    Campaign.objects.update(state=CampaignState.OPEN)
    batch.campaign.refresh_from_db()
    assert quota_of(batch) is None
    entering(batch, list(Case.objects.all()))
