"""Counts that are ranges: both engines agree, and the answer is what trying every whole number in the range gives."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from lika.engine import duck, reference
from lika.engine.population import UnitRow
from lika.engine.ranges import Range
from tests.engine.world import checked

NUMBERS = st.lists(st.sampled_from(["0", "1", "2", "3", "4", "-1", "1.5", "2.5"]), min_size=1, max_size=5)
LABOUR = st.lists(st.sampled_from([True, False, None]), max_size=4)


def _household(labour: list[bool | None]) -> UnitRow:
    return UnitRow("household", {}, {"person": tuple(UnitRow("person", {"labour": value}) for value in labour)})


@given(labour=LABOUR, numbers=NUMBERS)
def test_every_whole_number_in_the_range_decides(labour: list[bool | None], numbers: list[str]) -> None:
    row = _household(labour)
    low, high = labour.count(True), len(labour) - labour.count(False)
    options = {Fraction(number) for number in numbers}
    least, most = numbers[0], numbers[-1]
    tests = {
        f"count(person, labour) in ({', '.join(numbers)})": lambda value: value in options,
        f"count(person, labour) = {least}": lambda value: value == Fraction(least),
        f"count(person, labour) != {least}": lambda value: value != Fraction(least),
        f"count(person, labour) between {least} and {most}": lambda value: Fraction(least) <= value <= Fraction(most),
    }
    expressions = [checked(text) for text in tests]
    found = [reference.evaluate(one, row) for one in expressions]
    assert duck.evaluate_rows(expressions, [row])[0] == found
    for text, test, answer in zip(tests, tests.values(), found, strict=True):
        answers = {test(value) for value in range(low, high + 1)}
        assert answer == (answers.pop() if len(answers) == 1 else None), text


def test_the_range_is_one() -> None:
    """The property would be weak if counts were never ranges."""
    assert reference.evaluate(checked("count(person, labour)"), _household([True, None])) == Range(
        Fraction(1), Fraction(2)
    )
