"""Identity numbers of a column are told sound as they are one by one. 演示数据"""

import datetime as dt

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from lika.register.identity import CITIZEN_CARD, Identity, check_identity
from lika.register.identity_columns import read_cards

TODAY = dt.date(2016, 12, 31)
BODIES = st.one_of(
    st.builds(
        lambda area, day, order: f"{area:06d}{day:%Y%m%d}{order:03d}",
        st.integers(100_000, 699_999), st.dates(dt.date(1890, 1, 1), dt.date(2017, 1, 5)), st.integers(0, 999),
    ),
    st.from_regex(r"\A6212231[0-9]{10}\Z"),
)  # fmt: skip
NUMBERS = st.one_of(
    st.none(),
    BODIES.map(lambda body: body + str(ric.calc_check_digit(body + "0"))),
    st.tuples(BODIES, st.sampled_from("0123456789Xx")).map("".join),
    st.sampled_from(["", "621223198001010", "62122319800101001 X", "６２1223198001010010", "62122319000229001X12"]),
)


@given(st.lists(NUMBERS, max_size=20))
def test_what_is_told_sound_is_what_the_one_by_one_reading_gives_back_unchanged(numbers: list[str | None]) -> None:
    cards = read_cards(pa.array(numbers, pa.string()), on=TODAY)

    expected = []
    for number in numbers:
        found = check_identity(number, on=TODAY) if number else None
        plain = isinstance(found, Identity) and (found.number, found.original) == (number, "")
        if isinstance(found, Identity) and plain and found.id_type == CITIZEN_CARD:
            expected.append((True, found.birth_date.isoformat(), found.sex))
        else:
            expected.append((False, None, None))
    assert (
        list(zip(*(each.to_pylist() for each in (cards.sound, cards.birth_dates, cards.sexes)), strict=True))
        == expected
    )
