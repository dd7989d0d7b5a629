"""The official codes as they ship: counts, order of levels, changes, ranges. Loaded once for this module."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import duckdb
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Q

from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.errors import NotFound, UserError
from lika.core.permissions import Permission
from lika.divisions import actions, queries, sources, verification
from lika.divisions.choices import Level
from lika.divisions.models import AreaRange, Division, DivisionChange

VENDORED = {
    Level.PROVINCE: 31,
    Level.PREFECTURE: 342,
    Level.COUNTY: 2_975,
    Level.TOWNSHIP: 41_351,
    Level.VILLAGE: 620_572,
}
ENDED = 11  # 陇南地区 with its nine counties, and 靖西县


@pytest.fixture(scope="module")
def official(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[actions.Loaded]:
    """All divisions, in a transaction around the module's tests that is rolled back after them."""
    manager = SystemActor("test", {Permission.DIVISIONS_MANAGE}, EVERYWHERE)
    with django_db_blocker.unblock(), transaction.atomic():
        loaded = actions.load(by=manager, batch=sources.packaged(), overwrite=False)
        connection.check_constraints()
        yield loaded
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _loaded(official: actions.Loaded, db: None) -> None:
    """Every test here sees the loaded table."""


def test_every_vendored_division_is_loaded(official: actions.Loaded) -> None:
    assert official == actions.Loaded(added=sum(VENDORED.values()) + ENDED, changed=0, kept=0, changes=ENDED)
    assert queries.counts_by_level() == VENDORED


def test_the_vendored_file_has_these_counts() -> None:
    path = str(sources.DATA / "divisions.parquet")
    counts = duckdb.execute("SELECT level, count(*) FROM read_parquet(?) GROUP BY level", [path]).fetchall()
    assert {Level(level): count for level, count in counts} == VENDORED


def test_loading_again_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    newest = Division.objects.count(), DivisionChange.objects.count()
    manager = SystemActor("test", {Permission.DIVISIONS_MANAGE}, EVERYWHERE)
    assert actions.load(by=manager, batch=sources.packaged(), overwrite=True) == actions.Loaded(0, 0, 0, 0)
    call_command("divisions", "load", "--province", "62")
    assert "china-division 2.7.0, 62" in capsys.readouterr().out
    assert (Division.objects.count(), DivisionChange.objects.count()) == newest


def test_nothing_is_found_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert verification.findings() == []
    call_command("divisions", "check")
    assert "665282" in capsys.readouterr().out


def test_a_lost_village_and_an_overlap_are_found() -> None:
    village = Division.objects.filter(level=Level.VILLAGE, code__startswith="621223").first()
    assert village is not None
    code = village.code
    village.delete()
    Division.objects.filter(pk="451081000000").update(valid_from=dt.date(2015, 7, 1))
    findings = verification.findings()
    assert len(findings) == 2
    assert code in findings[0]
    assert "451025000000" in findings[1]
    assert "451081000000" in findings[1]


def test_a_valid_division_below_an_ended_one_is_found() -> None:
    Division.objects.filter(pk="621223000000").update(valid_to=dt.date(2030, 1, 1))
    townships = Division.objects.filter(parent="621223000000").count()
    assert [division.parent_id for division in verification.below_ended()] == ["621223000000"] * townships


def test_every_division_lies_in_the_range_of_its_parent() -> None:
    """No exception in the official codes: development zones and directly governed counties included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.level, p.level, count(*) FROM divisions_division d "
            "JOIN divisions_division p ON p.code = d.parent_id "
            "WHERE starts_with(d.code, left(p.code, (ARRAY[2, 4, 6, 9])[p.level])) "
            "GROUP BY 1, 2 ORDER BY 1, 2"
        )
        steps = [(Level(level), Level(above), count) for level, above, count in cursor.fetchall()]
    assert steps == [
        (Level.PREFECTURE, Level.PROVINCE, 342 + 1),
        (Level.COUNTY, Level.PREFECTURE, 2_975 + 10),
        (Level.TOWNSHIP, Level.PREFECTURE, 77),  # 东莞, 中山, 儋州: no counties
        (Level.TOWNSHIP, Level.COUNTY, 41_351 - 77),
        (Level.VILLAGE, Level.TOWNSHIP, 620_572),
    ]


def test_a_range_holds_exactly_the_villages_below() -> None:
    low, high = queries.get("621223").area_range()
    assert (low, high) == (621223000000, 621223999999)
    by_range = Division.objects.filter(number__range=(low, high), level=Level.VILLAGE)
    by_parents = Division.objects.filter(parent__parent="621223000000", level=Level.VILLAGE)
    assert set(by_range.values_list("code")) == set(by_parents.values_list("code"))
    assert by_range.count() == 342
    assert queries.counts_by_level("621223") == {Level.COUNTY: 1, Level.TOWNSHIP: 25, Level.VILLAGE: 342}


@pytest.mark.parametrize(
    ("code", "area", "label"),
    [
        ("62", AreaRange(620000000000, 629999999999), "甘肃省"),
        ("4290", AreaRange(429000000000, 429099999999), "湖北省 省直辖县级行政区划"),
        ("429004", AreaRange(429004000000, 429004999999), "湖北省 仙桃市"),
        ("110101", AreaRange(110101000000, 110101999999), "北京市 东城区"),
        ("500229", AreaRange(500229000000, 500229999999), "重庆市 城口县"),
        ("4419", AreaRange(441900000000, 441999999999), "广东省 东莞市"),
        ("441900003", AreaRange(441900003000, 441900003999), "广东省 东莞市 东城街道"),
        ("350527", AreaRange(350527000000, 350527999999), "福建省 泉州市 金门县"),
        ("621223100", AreaRange(621223100000, 621223100999), "甘肃省 陇南市 宕昌县 城关镇"),
    ],
)
def test_ranges_and_labels(code: str, area: AreaRange, label: str) -> None:
    assert (queries.get(code).area_range(), queries.path_label(code)) == (area, label)


def test_many_labels_take_one_query(django_assert_num_queries: object) -> None:
    villages = list(queries.within("621223", Level.VILLAGE))
    with django_assert_num_queries(1):  # type: ignore[operator]
        labels = queries.path_labels([village.code for village in villages] + ["621223999"])
    assert labels.keys() == {village.code for village in villages}
    assert all(label.startswith("甘肃省 陇南市 宕昌县 ") for label in labels.values())


RESOLVED = [
    ("451025", dt.date(2014, 6, 1), "451025000000", "靖西县"),
    ("451025", dt.date(2015, 7, 31), "451025000000", "靖西县"),
    ("451025", dt.date(2015, 8, 1), "451081000000", "靖西市"),
    ("451025", dt.date(2016, 6, 1), "451081000000", "靖西市"),
    ("451081", dt.date(2014, 6, 1), "451025000000", "靖西县"),
    ("622623", dt.date(2003, 12, 31), "622623000000", "宕昌县"),
    ("622623", dt.date(2016, 1, 1), "621223000000", "宕昌县"),
    ("6226", dt.date(2016, 1, 1), "621200000000", "陇南市"),
    ("622621", dt.date(2016, 1, 1), "621202000000", "武都区"),
    ("621223", dt.date(2016, 1, 1), "621223000000", "宕昌县"),
]


@pytest.mark.parametrize(("code", "day", "resolved", "name"), RESOLVED)
def test_a_code_resolves_to_what_it_meant_on_a_day(code: str, day: dt.date, resolved: str, name: str) -> None:
    division = queries.resolve(code, at=day)
    assert (division.code, division.name) == (resolved, name)


def test_what_nothing_is_known_of_is_refused() -> None:
    Division.objects.filter(pk="621221000000").update(valid_to=dt.date(2020, 1, 1))
    with pytest.raises(UserError) as refused:
        queries.resolve("621221", at=dt.date(2021, 1, 1))
    assert (refused.value.code, refused.value.where) == ("DIV-011", {"division": "621221000000"})
    with pytest.raises(NotFound) as unknown:
        queries.resolve("621299", at=dt.date(2021, 1, 1))
    assert (unknown.value.code, unknown.value.where) == ("DIV-010", {"division": "621299000000"})


def test_children_follow_the_day() -> None:
    assert "陇南地区" not in [division.name for division in queries.children("62")]
    before = [division.name for division in queries.children("62", at=dt.date(2003, 1, 1))]
    assert "陇南地区" in before
    assert "陇南市" not in before
    old = [division.code[:6] for division in queries.children("6226", at=dt.date(2003, 1, 1))]
    assert old == ["622621", "622623", "622624", "622625", "622626", "622627", "622628", "622629", "622630"]
    assert queries.children("6226").count() == 0
    assert queries.children().count() == 31


def test_ancestors_and_codes() -> None:
    assert [division.name for division in queries.ancestors("621223100")] == ["甘肃省", "陇南市", "宕昌县"]
    assert [division.name for division in queries.ancestors("441900003")] == ["广东省", "东莞市"]
    assert queries.by_codes(["621223", "621299"]) == {"621223000000": queries.get("621223")}


def test_search_puts_the_nearest_first() -> None:
    assert [division.code for division in queries.search("宕昌县")] == ["621223000000"]
    nearest = queries.search("陇南", limit=1)
    assert [(division.name, division.level) for division in nearest] == [("陇南市", Level.PREFECTURE)]
    assert [division.code for division in queries.search("621223", limit=2)] == ["621223000000", "621223100000"]
    counties = queries.search("宕昌", level=Level.COUNTY)
    assert [division.name for division in counties] == ["宕昌县"]
    assert queries.search("  ") == []
    assert queries.search("靖西县") == []  # ended; the change leads from the code, not from the name


def test_every_change_names_its_document() -> None:
    sources_given = set(DivisionChange.objects.values_list("source", flat=True))
    assert len(sources_given) == 2
    assert all("国函" in source or "民函" in source for source in sources_given)
    assert not Division.objects.filter(Q(valid_to__isnull=False) & Q(successor_code="")).exists()


def test_a_successor_begins_when_its_predecessor_ends() -> None:
    for change in DivisionChange.objects.select_related("predecessor", "successor"):
        assert change.on == change.predecessor.valid_to == change.successor.valid_from
        assert change.predecessor.successor_code == change.successor_id


def test_divisions_with_what_lies_below_them_in_one_query(
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    with django_assert_num_queries(1):
        found, below = queries.with_children(["621223", "620000000000", "621299"])
    assert found == queries.by_codes(["621223", "62"])
    assert below == queries.children_of_each(["621223", "62", "621299"])
    assert below["621299000000"] == []
