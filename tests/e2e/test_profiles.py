"""Mapping profiles and the exchange with the national system in a browser, at both widths. 演示数据"""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lika.accounts.choices import Role
from lika.collection.actions import import_register
from lika.register.choices import YearState
from lika.register.models import HouseholdYear
from tests.collection import national, workbooks
from tests.conftest import OwnProcesses
from tests.console.officials import official
from tests.e2e.axe import violations
from tests.e2e.test_journey import PASSWORD
from tests.e2e.test_service_window import sign_in
from tests.factories import COUNTY, OTHER_VILLAGE, VILLAGE, make_actor, make_division

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HEAD = [
    *("户编号", "行政村代码", "脱贫属性", "何日起", "工资收入(万元)"),
    *("主要致贫原因", "标准时期起", "标准时期止", "备注"),
]
CELLS = ["3", "2014-12-31", "0.9", "7", "2016-01-01", "2016-12-31", "演示"]


@pytest.fixture
def county(transactional_db: None, own_processes: OwnProcesses, tmp_path: Path) -> None:
    """A register with an audited household, and somebody of the county office."""
    own_processes(tmp_path / "data")
    make_division(VILLAGE)
    make_division(OTHER_VILLAGE)
    import_register(by=make_actor(COUNTY), path=workbooks.save(tmp_path / "演示.xlsx", workbooks.clean()))
    HouseholdYear.objects.filter(household__number=workbooks.H1).update(state=YearState.CONFIRMED)
    user = official(Role.COUNTY, COUNTY)
    user.username = "xianban"
    user.set_password(PASSWORD)
    user.save(update_fields=["username", "password"])


def test_the_pages_are_sound_at_both_widths(page: Page, live_server, county: None, tmp_path: Path) -> None:
    path = national.save(tmp_path / "台账.xlsx", {"台账": [HEAD, [workbooks.H1, VILLAGE, *CELLS]]})
    sign_in(page, live_server.url, "xianban")
    page.goto(f"{live_server.url}/import/?profile=assign")
    page.locator("#id_file").set_input_files(path)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.locator("h1")).to_contain_text("列名对应")
    columns = page.url
    for address in (
        columns,
        f"{live_server.url}/import/profiles/",
        f"{live_server.url}/import/profiles/national-2018@1/",
        f"{live_server.url}/import/exports/",
        f"{live_server.url}/import/sending/",
        f"{live_server.url}/import/comparisons/",
    ):
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(address)
            assert violations(page) == []
