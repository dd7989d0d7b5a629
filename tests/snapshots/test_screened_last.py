"""The list of packs says when each was screened last, to those who see screenings. 演示数据"""

import pytest

from lika.accounts.choices import Role
from lika.snapshots.models import Screening
from tests.console.officials import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_pack_leads_to_its_last_screening(screened: Screening):
    page = signed_in(Role.COUNTY).get("/policy/").content.decode()
    assert page.count(f'href="/screenings/{screened.pk}/"') == 1


@pytest.mark.parametrize(
    ("role", "division"),
    [(Role.COUNTY, "621202000000"), (Role.HELPER, ""), (Role.ADMINISTRATOR, "")],
)
def test_whoever_does_not_see_it_reads_a_dash(screened: Screening, role: Role, division: str):
    response = signed_in(role, division).get("/policy/")
    assert response.status_code == 200
    assert str(screened.pk) not in response.content.decode()
