"""The level below an area: tiles, classes, ranks; and the map and list as each role gets them. 演示数据"""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lika.accounts.choices import Role
from lika.console.queries.cartogram import cells, tile_features
from lika.console.queries.measures import HOUSEHOLDS, INCIDENCE, MET, NO_SCALE, Scale, chosen_measure, ranked, scale_of
from lika.console.queries.places import Place
from lika.divisions.outlines import joined_outline
from lika.snapshots.models import Screening
from lika.snapshots.queries import Counts
from tests import factories as make
from tests.console.officials import signed_in


def place(code: str, households: int = 10, met: int | None = None, population: int | None = None) -> Place:
    counts = None if met is None else Counts(met=met, not_met=households - met, unknown=0)
    return Place(code, f"演示{code}", households, 0, 0, 5, counts, population)


class TestTiles:
    def test_each_tile_is_as_near_to_its_place_as_is_free(self) -> None:
        corners = {"a": (0.0, 1.0), "b": (1.0, 1.0), "c": (0.0, 0.0), "d": (1.0, 0.0)}
        assert cells(corners) == {"a": (0, 0), "b": (2, 0), "c": (0, 2), "d": (2, 2)}

    def test_without_a_position_they_follow_below(self) -> None:
        assert cells({"a": (0.0, 0.0), "x": None, "y": None}) == {"a": (0, 0), "x": (0, 1), "y": (1, 1)}
        assert cells({}) == {}

    @given(
        st.dictionaries(
            st.text("0123456789", min_size=1, max_size=3), st.tuples(st.floats(80, 120), st.floats(20, 50)), max_size=30
        )
    )
    def test_no_two_share_a_cell_in_whatever_order_they_come(self, positions: dict[str, tuple[float, float]]) -> None:
        found = cells(positions)
        assert set(found) == set(positions)
        assert len(set(found.values())) == len(positions)
        assert found == cells(dict(reversed(positions.items())))

    def test_a_tile_is_a_closed_square_as_drawn(self) -> None:
        (feature,) = tile_features({"a": (1, 2)}, origin=(100.0, 40.0), side=0.75)
        (ring,) = feature["geometry"]["coordinates"]
        assert ring == [[101.04, 37.78], [101.96, 37.78], [101.96, 38.47], [101.04, 38.47], [101.04, 37.78]]
        assert feature["properties"]["name"] == "a"


class TestScale:
    def test_round_classes_hold_every_figure(self) -> None:
        shares = [Decimal("0.41"), Decimal("0.58"), None]
        scale = scale_of(shares, MET)
        assert scale == Scale(Decimal("0.4"), Decimal("0.05"), 4)
        assert [scale.class_of(each) for each in shares] == [0, 3, None]
        assert scale.labels(MET) == ["40%–45%", "45%–50%", "50%–55%", "55%–60%"]

    def test_beyond_open_ends_lie_the_first_and_the_last_class(self) -> None:
        scale = scale_of([Decimal("0.41"), Decimal("0.58")], MET)
        assert scale.labels(MET, open_ends=True) == ["<45%", "45%–50%", "50%–55%", "≥55%"]
        assert [scale.class_of(Decimal(each)) for each in ("0.1", "0.44", "0.9")] == [0, 0, 3]
        assert scale_of([7], HOUSEHOLDS).labels(HOUSEHOLDS, open_ends=True) == ["7–8"]

    def test_the_last_class_holds_its_upper_end(self) -> None:
        scale = scale_of([0, 1000], HOUSEHOLDS)
        assert (scale.count, scale.class_of(1000), scale.labels(HOUSEHOLDS)[-1]) == (5, 4, "800–1,000")

    def test_equal_figures_make_one_class_and_none_makes_none(self) -> None:
        assert scale_of([7, 7], HOUSEHOLDS) == Scale(Decimal(7), Decimal(1), 1)
        assert (scale_of([None], HOUSEHOLDS), NO_SCALE.class_of(3)) == (NO_SCALE, None)

    @given(st.lists(st.integers(0, 10**9), min_size=1, max_size=20))
    def test_no_figure_falls_out(self, values: list[int]) -> None:
        scale = scale_of(values, HOUSEHOLDS)
        assert 1 <= scale.count <= 5
        for value in values:
            number = scale.class_of(value)
            assert number is not None
            low = scale.start + scale.step * number
            assert low <= value < low + scale.step or (number == scale.count - 1 and value == low + scale.step)


class TestRanks:
    def test_equal_figures_share_a_rank_and_stand_by_code(self) -> None:
        found = ranked([place("3", met=5), place("2", met=9), place("1", met=5), place("0", 0)], MET)
        assert [(line.rank, line.place.code, line.text) for line in found] == [
            (1, "1", "50.0%"), (1, "3", "50.0%"), (3, "2", "90.0%"), (None, "0", "—"),
        ]  # fmt: skip

    def test_counts_stand_highest_first_and_what_is_not_known_last(self) -> None:
        found = ranked([place("1", 1), place("2", 1204)], HOUSEHOLDS)
        assert [(line.rank, line.text) for line in found] == [(1, "1,204"), (2, "1")]
        found = ranked([place("1"), place("2", population=50)], INCIDENCE)
        assert [(line.rank, line.place.code, line.text) for line in found] == [(1, "2", "10.0%"), (None, "1", "—")]

    def test_only_what_is_offered_can_be_chosen(self) -> None:
        assert (chosen_measure("incidence", screened=True), chosen_measure("nonsense", screened=True)) == (
            INCIDENCE,
            MET,
        )
        assert chosen_measure("met", screened=False) == HOUSEHOLDS


def test_a_prefecture_is_drawn_by_the_outlines_of_its_counties() -> None:
    drawn = joined_outline("621200", grid=400)
    assert drawn is not None
    assert drawn["properties"]["name"] == "621200000000"
    assert len(drawn["geometry"]["coordinates"]) >= 9  # 陇南市 has nine counties
    assert (
        joined_outline("441900", grid=400) is None
        or joined_outline("441900", grid=400)["properties"]["name"] == "441900000000"
    )


@pytest.mark.django_db(transaction=True)
class TestPages:
    def test_a_county_is_drawn_as_townships_and_villages(self, screened: Screening) -> None:
        data = json.loads(signed_in(Role.COUNTY).get("/map.json").content)
        (tile,) = data["tiles"]["places"]
        assert (tile["code"], tile["text"], tile["size"]) == (make.TOWNSHIP, "50.0%", 4)
        assert tile["url"].startswith(f"/?division={make.TOWNSHIP}&")
        assert [each["properties"]["name"] for each in data["tiles"]["outline"]["features"]] == [make.TOWNSHIP]
        assert {each["code"]: each["class"] for each in data["places"]} == {make.VILLAGE: 0, make.OTHER_VILLAGE: 0}
        assert all(each["url"].startswith("/households/?division=") for each in data["places"])

    def test_the_list_and_the_map_follow_the_figure_asked_for(self, screened: Screening) -> None:
        client = signed_in(Role.COUNTY)
        page = client.get("/", {"figure": "households"})
        below = page.context["below"]
        assert [(line.ranked.rank, line.ranked.place.code, line.ranked.text) for line in below.lines] == [
            (1, make.TOWNSHIP, "4"),
        ]
        assert [choice.current for choice in below.choices] == [False, False, False, True, False]
        data = json.loads(client.get(below.map_url).content)
        assert (data["words"]["title"], data["tiles"]["places"][0]["text"]) == ("农户", "4")
        assert "figure=households" in below.lines[0].url

    def test_a_village_officer_sees_the_own_village_alone(self, screened: Screening) -> None:
        client = signed_in(Role.VILLAGE)
        data = json.loads(client.get("/map.json").content)
        assert ([each["code"] for each in data["places"]], "tiles" in data) == ([make.VILLAGE], False)
        assert client.get("/map.json", {"division": make.COUNTY}).status_code == 404

    def test_a_prefecture_drills_down_to_its_counties(self, screened: Screening) -> None:
        data = json.loads(signed_in(Role.PREFECTURE).get("/map.json").content)
        shown = {each["code"]: (each["text"], each["class"]) for each in data["places"]}
        assert shown == {make.COUNTY: ("50.0%", 0), "621202000000": ("—", None)}
        assert [each["properties"]["name"] for each in data["outline"]["features"]] == ["621202000000", make.COUNTY]

    def test_an_area_without_data_says_what_to_do(self) -> None:
        make.make_division(make.VILLAGE)
        page = signed_in(Role.COUNTY).get("/")
        assert (page.context["below"].empty, page.context["below"].holding) == (True, [])
        assert "data-map" not in page.content.decode()
