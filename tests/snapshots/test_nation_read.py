"""A screening of the country: its table, pages, comparisons and reports. 演示数据"""

import json
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from django.core.management import call_command

from lika.accounts.choices import Role
from lika.core.areas import COUNTRY
from lika.policy.packs.resolved import ResolvedPack
from lika.snapshots import actions, queries
from lika.snapshots.diffing import as_json, diff
from lika.snapshots.models import Screening
from lika.snapshots.operators import operator
from tests import factories as make
from tests.console.officials import signed_in
from tests.reports.test_figures import REPORTS
from tests.snapshots.conftest import WritePack
from tests.snapshots.country import FAR, OTHER_PROVINCE, PREFECTURE, PROVINCE, Nation, merged, nation, pack, taken
from tests.snapshots.test_handed_up import code_of
from tests.snapshots.test_pages import html

__all__ = ["nation", "pack"]


@pytest.fixture
def screened(nation: Nation, pack: ResolvedPack) -> Screening:
    return actions.screen(by=operator(), snapshot=merged(taken(PROVINCE), taken(FAR)).pk, pack=pack)


def test_the_table_goes_down_from_the_country(screened: Screening) -> None:
    assert queries.roots(operator(), screened) == [0]
    table = queries.rollup_table(operator(), screened, "household", 0)
    assert (table.own.name, [row.name for row in table.rows], table.path) == (
        "全国",
        ["演示450000000000", "甘肃省"],
        (),
    )
    below = queries.rollup_table(operator(), screened, "household", int(PREFECTURE))
    assert [name for _code, name in below.path] == ["全国", "甘肃省"]


def test_an_office_of_a_province_begins_at_its_province(screened: Screening) -> None:
    viewer = make.make_actor(PROVINCE)
    assert queries.roots(viewer, screened) == [int(PROVINCE)]
    assert queries.rollup_table(viewer, screened, "household", int(PREFECTURE)).path == ((PROVINCE, "甘肃省"),)
    assert code_of(queries.rollup_table, by=viewer, found=screened, unit="household", division=0) == "SCR-021"


def test_two_screenings_of_the_country_are_compared(screened: Screening, write_pack: WritePack) -> None:
    other = write_pack(
        **{'"621223"': f'"{COUNTRY}"', "value: 2736.10": "value: 2736.09", 'version: "1"': 'version: "2"'}
    )
    later = actions.screen(by=operator(), snapshot=screened.snapshot_id, pack=other)
    told = as_json(diff(operator(), str(screened.pk), str(later.pk), division=COUNTRY, limit=5))
    assert (told["division"], told["alike"]) == ("0" * 12, False)
    turned = {each["division"]: each["criteria"]["income"] for each in told["units"]["household"]["divisions"]}
    moves = [{"from": "not_met", "to": "met", "units": 1}]
    assert turned == {OTHER_PROVINCE: moves, PROVINCE: moves}


def test_the_pages_name_it(screened: Screening) -> None:
    client = signed_in(Role.PROVINCE, PROVINCE)
    assert "全国" in html(client, "/screenings/")
    page = html(client, f"/screenings/{screened.pk}/")
    assert ("甘肃省" in page, "全国" in page, "演示450000000000" in page) == (True, False, False)
    assert client.get(f"/screenings/{screened.pk}/", {"division": "0" * 12}).status_code == 404


def test_a_report_tells_of_the_country(screened: Screening, write_pack: WritePack, tmp_path: Path, capsys: Any) -> None:
    text = dedent(REPORTS).lstrip("\n")
    (tmp_path / "packs/test/exit/reports").mkdir()
    (tmp_path / "packs/test/exit/reports/all.yaml").write_text(text, encoding="utf-8")
    write_pack(**{'"621223"': f'"{COUNTRY}"', 'version: "1"': 'version: "2"'})
    given = ("--snapshot", screened.snapshot_id, "--pack", "test/exit", "--division", COUNTRY, "--json")
    call_command("report", "run", "incidence", *given)
    told = json.loads(capsys.readouterr().out)
    poor = {code: figures["poor"]["value"] for code, figures in told["divisions"].items() if code.endswith("0" * 10)}
    assert poor == {"0" * 12: "11", OTHER_PROVINCE: "1", PROVINCE: "10"}
