"""What a code says without the table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lika.core.areas import range_of
from lika.core.errors import UserError
from lika.divisions.choices import Level
from lika.divisions.codes import ancestor_codes, full_code, level_of, number_of, parent_code

GOLDEN = [
    # code, full, level, parent
    ("62", "620000000000", Level.PROVINCE, None),
    ("6212", "621200000000", Level.PREFECTURE, "620000000000"),
    ("621223", "621223000000", Level.COUNTY, "621200000000"),
    ("621223100", "621223100000", Level.TOWNSHIP, "621223000000"),
    ("621223100201", "621223100201", Level.VILLAGE, "621223100000"),
    ("621223100201-007", "621223100201-007", Level.NATURAL_VILLAGE, "621223100201"),
    # 东莞: a prefecture without counties, its townships hang under it; 6 digits and 4 name the same place.
    ("4419", "441900000000", Level.PREFECTURE, "440000000000"),
    ("441900", "441900000000", Level.PREFECTURE, "440000000000"),
    ("441900003", "441900003000", Level.TOWNSHIP, "441900000000"),
    ("441900003001", "441900003001", Level.VILLAGE, "441900003000"),
    # a county that its province governs directly
    ("429004", "429004000000", Level.COUNTY, "429000000000"),
]


@pytest.mark.parametrize(("code", "full", "level", "parent"), GOLDEN)
def test_a_code_tells_its_level_and_parent(code: str, full: str, level: Level, parent: str | None) -> None:
    assert (full_code(code), level_of(code), parent_code(code)) == (full, level, parent)


@pytest.mark.parametrize(
    "code",
    [
        "", "6", "621", "62122", "6212231", "62122310020", "6212231002011", "甘肃", "62122a", "000000000000", "012223",
        "621223100201-", "621223100201-1", "621223100201-000", "621223100000-001", "６２１２２３", "62 1223", "²²",
    ],
)  # fmt: skip
def test_what_is_no_code_is_refused_and_named(code: str) -> None:
    with pytest.raises(UserError) as refused:
        full_code(code)
    assert (refused.value.code, refused.value.where) == ("DIV-001", {"division": code})


def test_spaces_around_a_code_do_not_matter() -> None:
    assert full_code(" 621223\n") == "621223000000"


def test_ancestors_run_from_the_province_down() -> None:
    assert ancestor_codes("621223100201-007") == [
        "620000000000", "621200000000", "621223000000", "621223100000", "621223100201",
    ]  # fmt: skip
    assert ancestor_codes("441900003001") == ["440000000000", "441900000000", "441900003000"]
    assert ancestor_codes("62") == []


VILLAGES = st.builds(
    lambda province, rest, village: f"{province}{rest:07}{village:03}",
    st.integers(11, 65),
    st.integers(0, 9_999_999),
    st.integers(1, 999),
)


@given(VILLAGES)
def test_a_village_lies_in_the_range_of_every_ancestor(village: str) -> None:
    ranges = [range_of(code) for code in ancestor_codes(village)]
    assert all(low <= number_of(village) <= high for low, high in ranges)
    # Each lies inside the one before it.
    assert ranges == sorted(ranges, key=lambda ends: (ends[0], -ends[1]))
    assert [level_of(code) for code in ancestor_codes(village)] == sorted(
        level_of(code) for code in ancestor_codes(village)
    )


@given(VILLAGES, st.integers(1, 999))
def test_a_natural_village_shares_its_villages_number(village: str, own: int) -> None:
    code = f"{village}-{own:03}"
    assert (number_of(code), parent_code(code)) == (int(village), village)
