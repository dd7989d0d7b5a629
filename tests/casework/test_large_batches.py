"""A batch of 500 cases: its page asks as little as one of five does, and an act is an act on all. 演示数据"""

from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lika.accounts.choices import Role
from lika.casework.models import Batch, Case, Vote
from lika.casework.queries.cases import procedure_of
from lika.register.models import Household
from tests.casework.going import COUNTY, VILLAGE, Place, begun, place, propose, ready, standing_at
from tests.casework.noticing import brought, hung
from tests.casework.test_stage_pages import HELD
from tests.console.officials import signed_in
from tests.web_role import statements

pytestmark = pytest.mark.django_db
MOST = 15


def asked(client: Client, batch: Batch) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/casework/batches/{batch.pk}/").status_code == 200
    return len(statements(captured))


def grown(at: Place, batch: Batch, cases: int = 500) -> list[UUID]:
    """The batch with so many cases; their households have nobody yet."""
    more = cases - batch.cases.count()
    at.households = Household.objects.bulk_create(
        Household(number=f"JY{n:04d}", village=int(VILLAGE), poverty_status="00") for n in range(more)
    )
    propose(at, batch.campaign)
    found = list(batch.cases.order_by("number").values_list("pk", flat=True))
    assert len(found) == cases
    return found


def test_the_page_asks_as_much_for_500_cases_as_for_five_at_every_stage():
    at = place(5)
    batch = begun(at)
    stages = [each.id for each in procedure_of(batch).stages]
    readers = [signed_in(Role.VILLAGE, VILLAGE), signed_in(Role.COUNTY, COUNTY)]

    def counted() -> dict[str, list[int]]:
        told = {stage: [asked(each, standing_at(batch, stage)) for each in readers] for stage in stages}
        standing_at(batch, stages[0])
        return told

    few = counted()
    grown(at, batch)
    assert counted() == few
    assert max(max(each) for each in few.values()) <= MOST


def test_a_second_notice_asks_as_little_as_the_first():
    at = place(3)
    batch = begun(at)
    county = signed_in(Role.COUNTY, COUNTY)
    hung(at.village, brought(batch, "first_notice"))
    first = asked(county, batch)
    hung(at.county, brought(batch, "second_notice"))
    assert batch.notices.count() == 2
    assert (asked(county, batch) - first, first <= MOST) == (0, True)


def test_the_list_of_cases_has_pages_and_the_forms_have_every_case():
    at = place(1)
    batch = begun(at)
    cases = grown(at, batch, 120)
    village, here = signed_in(Role.VILLAGE, VILLAGE), f"/casework/batches/{batch.pk}/"
    first, last = village.get(here), village.get(f"{here}?page=3")
    listed = [[each["line"].case.pk for each in page.context["lines"]] for page in (first, last)]
    assert (listed[0], listed[1]) == (cases[:50], cases[100:])
    assert all(f'name="result-{pk.hex}"' in last.content.decode() for pk in cases)
    assert "共120件案件" in last.content.decode()


def test_a_decision_and_a_meeting_on_500_cases_are_acts_on_all():
    at = place(1)
    batch = begun(at)
    cases = grown(at, batch)
    village, here = signed_in(Role.VILLAGE, VILLAGE), f"/casework/batches/{batch.pk}/"
    passed = {f"result-{pk.hex}": "passed" for pk in cases} | {f"reason-{pk.hex}": "" for pk in cases}
    assert village.post(f"{here}decide/", passed | {"seen_at": "application"}).status_code == 302
    assert set(Case.objects.values_list("stage", flat=True)) == {"appraisal"}
    votes = passed | {f"order-{pk.hex}": str(place) for place, pk in enumerate(reversed(cases), start=1)}
    for key, votes_given in (("in_favour", "20"), ("against", "1"), ("abstained", "0")):
        votes |= {f"{key}-{pk.hex}": votes_given for pk in cases}
    assert village.post(f"{here}meeting/", HELD | votes).status_code == 302
    assert list(Vote.objects.order_by("place").values_list("case", flat=True)) == cases[::-1]
    ready(batch)
    assert village.post(f"{here}meeting/close/").status_code == 302
    assert set(Case.objects.values_list("stage", flat=True)) == {"verification"}


def test_what_was_entered_stands_in_the_line_as_it_was_written():
    batch = begun(place(1))
    (case,) = batch.cases.all()
    sent = {f"result-{case.pk.hex}": "nowhere", f"reason-{case.pk.hex}": '"><script>', "seen_at": "application"}
    page = signed_in(Role.VILLAGE, VILLAGE).post(f"/casework/batches/{batch.pk}/decide/", sent)
    assert (page.status_code, 'value="&quot;&gt;&lt;script&gt;"' in page.content.decode()) == (422, True)
    assert '"><script>' not in page.content.decode()
