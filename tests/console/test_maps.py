"""The level below an area: tiles, classes, ranks; and the map and list as each role gets them. 演示数据"""

import gzip
import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from lika.accounts.choices import Role
from lika.console.queries.cartogram import cells, tile_features, under
from lika.console.queries.measures import HOUSEHOLDS, INCIDENCE, MET, NO_SCALE, Scale, chosen_measure, ranked, scale_of
from lika.console.queries.places import Place
from lika.core.areas import Area
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.divisions.outlines import joined_outline
from lika.register.queries import rural_populations
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


class TestUnder:
    def test_tiles_stand_in_a_row_below_what_is_drawn(self) -> None:
        drawn = {"geometry": {"coordinates": [[[[100.0, 36.0], [104.0, 36.0], [104.0, 40.0], [100.0, 36.0]]]]}}
        found = under([drawn], ["b", "a"])
        assert [each["properties"]["name"] for each in found] == ["a", "b"]
        # An eighth of the height, half a tile below the outline, the second to the right of the first.
        ring = found[0]["geometry"]["coordinates"][0]
        assert ring == [[100.0267, 35.27], [100.64, 35.27], [100.64, 35.73], [100.0267, 35.73], [100.0267, 35.27]]
        assert found[1]["geometry"]["coordinates"][0][0] == [100.6933, 35.27]

    def test_after_eight_a_new_row_begins(self) -> None:
        drawn = {"geometry": {"coordinates": [[[[100.0, 36.0], [104.0, 40.0], [100.0, 36.0]]]]}}
        rows = {each["geometry"]["coordinates"][0][0][1] for each in under([drawn], [f"{n:02}" for n in range(9)])}
        assert rows == {35.27, 34.77}

    def test_where_nothing_is_drawn_they_are_a_picture_of_their_own(self) -> None:
        assert under([], ["b", "a"]) == tile_features({"a": (0, 0), "b": (1, 0)})
        assert under([], []) == []


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


class TestRuralPopulations:
    AREA = Area.of([make.COUNTY])

    def test_forms_of_villages_are_added_up_and_the_latest_counts(self, db: None) -> None:
        make.make_household()
        make.make_household(make.OTHER_VILLAGE)
        make.make_village_year(rural_registered_population=100)
        make.make_village_year(year=2015, rural_registered_population=90)
        make.make_village_year(make.OTHER_VILLAGE, 2015, rural_registered_population=50)
        make.make_village_year(make.OTHER_VILLAGE, 2016)
        assert rural_populations(self.AREA, Level.VILLAGE) == {make.VILLAGE: 100, make.OTHER_VILLAGE: 50}
        assert rural_populations(self.AREA, Level.TOWNSHIP) == {make.TOWNSHIP: 150}

    def test_a_township_with_a_village_that_has_households_and_no_form_is_left_out(self, db: None) -> None:
        make.make_household()
        make.make_household(make.OTHER_VILLAGE)
        make.make_village_year(rural_registered_population=100)
        assert rural_populations(self.AREA, Level.VILLAGE) == {make.VILLAGE: 100}
        assert rural_populations(self.AREA, Level.TOWNSHIP) == {}

    def test_a_village_without_households_needs_no_form(self, db: None) -> None:
        make.make_household()
        make.make_division(make.OTHER_VILLAGE)
        make.make_village_year(rural_registered_population=100)
        assert rural_populations(self.AREA, Level.TOWNSHIP) == {make.TOWNSHIP: 100}

    def test_above_townships_the_forms_of_counties_count(self, db: None) -> None:
        make.make_household()
        make.make_village_year(rural_registered_population=100)
        make.make_county_year(rural_registered_population=5000)
        province = Area.of(["620000000000"])
        assert rural_populations(self.AREA, Level.COUNTY) == {make.COUNTY: 5000}
        assert rural_populations(province, Level.PREFECTURE) == {"621200000000": 5000}
        make.make_household(make.ELSEWHERE)
        assert rural_populations(province, Level.PREFECTURE) == {}
        assert rural_populations(province, Level.COUNTY) == {make.COUNTY: 5000}

    def test_outside_the_area_nothing_counts(self, db: None) -> None:
        make.make_household()
        make.make_village_year(rural_registered_population=100)
        assert rural_populations(Area.of([make.ELSEWHERE]), Level.VILLAGE) == {}


class TestTilesNote:
    def note(self) -> str:
        note: str = signed_in(Role.COUNTY).get("/").context["below"].tiles
        return note

    def place(self, code: str, *, invented: bool = False) -> None:
        Division.objects.filter(pk=code).update(longitude=104.4, latitude=34.0, position_invented=invented)

    def test_it_says_no_more_of_places_than_is_known(self, db: None) -> None:
        make.make_household()
        make.make_household("621223101201")
        assert self.note() == "每格代表一个乡镇，方位不详。"
        self.place(make.VILLAGE)
        assert self.note() == "每格代表一个乡镇，方位不详的排在最后几行。"
        self.place("621223101201", invented=True)
        assert self.note() == "每格代表一个乡镇，按示意方位排列。"
        self.place("621223101201")
        assert self.note() == "每格代表一个乡镇，按大致方位排列。"

    def test_other_levels_have_no_squares(self, db: None) -> None:
        make.make_household()
        assert signed_in(Role.TOWNSHIP).get("/").context["below"].tiles == ""


class TestCost:
    def count(self, client: Client) -> int:
        client.get("/map.json")  # what is read once per process
        with CaptureQueriesContext(connection) as captured:
            client.get("/map.json")
        return len(captured)

    @pytest.mark.parametrize(("role", "most"), [(Role.COUNTY, 13), (Role.TOWNSHIP, 11), (Role.PROVINCE, 10)])
    def test_queries_do_not_grow_with_the_places(self, db: None, role: Role, most: int) -> None:
        make.make_household()
        client = signed_in(role)
        few = self.count(client)
        for number in range(3, 8):
            make.make_household(f"62122310020{number}")
            make.make_household(f"62122310{number}201")
            make.make_household(f"62120{number}100201")
        assert self.count(client) == few <= most

    @pytest.mark.parametrize(("role", "most"), [(Role.COUNTY, 60_000), (Role.PROVINCE, 60_000)])
    def test_the_picture_of_a_whole_area_is_small(self, db: None, role: Role, most: int) -> None:
        prefectures = [f"62{number:02}00000000" for number in (*range(1, 13), 29, 30)]
        villages = [f"621223{township}{village}" for township in range(100, 125) for village in range(201, 215)]
        for code in [*prefectures, *villages]:
            make.make_division(code)
        Division.objects.filter(level=Level.VILLAGE).update(longitude=104.41234, latitude=34.01234)
        make.make_household(villages[0])
        response = signed_in(role).get("/map.json")
        assert len(json.loads(response.content)["places"]) == (350 if role == Role.COUNTY else 14)
        assert len(gzip.compress(response.content)) < most


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
