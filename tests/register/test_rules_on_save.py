"""Rules of quality when a year is saved: an error blocks what would newly break it, a warning does not."""

from decimal import Decimal
from pathlib import Path

import pytest

from lika.core.errors import ManyErrors
from lika.policy import actions as policy
from lika.register import actions
from lika.register.models import HouseholdYear
from tests import factories as make
from tests.policy.conftest import WritePack
from tests.policy.conftest import write_pack as write_pack  # noqa: PLC0414 - a fixture
from tests.register.test_actions import YEAR
from tests.register.test_actions import by as by  # noqa: PLC0414 - a fixture
from tests.register.test_actions import home as home  # noqa: PLC0414 - a fixture

RULE = """
    - id: {id}
      zh: 工资不超过收入上限
      en: Wages stay below the limit
      unit: household
      dimension: correctness
      severity: {severity}
      field: wage
      message: {{zh: 工资过高。, en: The wages are too high.}}
      remedy: {{zh: 请核对。, en: Check them.}}
      clause: {{ref: T §1, text: 超过标准}}
      expression: wage <= {limit}
    """
CASES = """
    - {id: low, zh: 低, en: Low, unit: household, at: 2016-12-31, facts: {household: {wage: 0}}, expect: {ID: met}}
    - id: high
      zh: 高
      en: High
      unit: household
      at: 2016-12-31
      facts: {household: {wage: 2000}}
      expect: {ID: not met}
    - {id: none, zh: 无, en: None, unit: household, at: 2016-12-31, facts: {household: {}}, expect: {ID: unknown}}
    """
SOURCES = """
    | Clause | Content | Where |
    |---|---|---|
    | T §1 | 标准 | `criteria/household.yaml`: income; `parameters.yaml`: line; `quality/wages.yaml`: ID |
    """

pytestmark = pytest.mark.django_db


@pytest.fixture
def activate(write_pack: WritePack):
    """Load and activate a pack with one rule about wages."""

    def run(severity: str) -> None:
        files = {
            "quality/wages.yaml": RULE.format(id="wage_low", severity=severity, limit=1000),
            "cases/wages.yaml": CASES.replace("ID", "wage_low").replace("id: none", "id: not-told"),
            "SOURCES.md": SOURCES.replace("ID", "wage_low"),
        }
        folder: Path = write_pack(files)
        row = policy.load(by=make.make_actor("62", name="province"), path=folder)
        policy.activate(by=make.make_actor("62", name="province"), reference=row.reference)

    return run


def test_an_error_blocks_and_nothing_is_written(by, home, activate):
    activate("error")
    record = {"by": by, "household": home.id, "period": YEAR}
    actions.record_household_year(**record, values={"wage": Decimal(1000)})
    with pytest.raises(ManyErrors) as raised:
        actions.record_household_year(**record, values={"wage": Decimal("1000.01")})
    assert raised.value.code == "REG-080"
    assert [(error.code, str(error.message)) for error in raised.value.errors] == [("wage_low", "工资过高。")]
    assert HouseholdYear.objects.get().wage == 1000


def test_a_warning_blocks_nothing(by, home, activate):
    activate("warning")
    row = actions.record_household_year(by=by, household=home.id, period=YEAR, values={"wage": Decimal("1000.01")})
    assert row.wage == Decimal("1000.01")


def test_what_is_wrong_already_stops_nobody_from_mending_something_else(by, home, activate):
    record = {"by": by, "household": home.id, "period": YEAR}
    actions.record_household_year(**record, values={"wage": Decimal(5000)})
    activate("error")
    row = actions.record_household_year(**record, values={"safe_water": True})
    assert (row.wage, row.safe_water) == (Decimal(5000), True)
    assert actions.record_household_year(**record, values={"wage": Decimal(900)}).wage == 900
