"""Reports whose figures are not written one by one: how criteria overlap, and how units moved between two years.

Each becomes figures of the criteria language like all others, so that they are added up, checked against the reference
and explained in the same way. Ids: `in_a`, `both_a__b`, `only_a__b` (exactly these and no other), `union`, `none`,
`all_together`, `per_covered`; `from_x__to_y` of a matrix; with `_people` behind where the members are added up.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from lika.engine.figures.moves import ABSENT
from lika.engine.messages import Words as Pair
from lika.engine.messages import enumerated
from lika.engine.schema import Schema
from lika.engine.types import CodeType
from lika.policy.packs.form import Words
from lika.policy.packs.report_form import Figure, Matrix, Overlap, ReportFields
from lika.policy.packs.resolved import ResolvedPack

HOUSEHOLDS, PEOPLE = Words(zh="户", en="households"), Words(zh="人", en="people")
_TIMES = Words(zh="户次", en="times a household is counted")
_MEASURES = Words(zh="项", en="measures")
_PLACES = 4
NOT_ON_RECORD = Pair("不在册", "Not on record")
#: How a matrix between two snapshots is read, whatever the report says of years.
BETWEEN_SNAPSHOTS = Pair(
    "两个时点的快照逐户对接：前一时点没有的户为新增在册，后一时点没有的户为已不在册（整户自然减少等）。人口按后一时点计，已不在册的户按前一时点计；"
    "户按后一时点所在的村计。",
    "The households of two snapshots are joined by their id: who is in one of them alone came, or went (the whole"
    " household is gone). People are counted as of the later one, of those who went as of the earlier; a household"
    " counts in the village where it stands now.",
)


@dataclass(frozen=True)
class Expanded:
    """A figure, and whether it is a `cell` of which most are 0 everywhere, and then left out."""

    item: Figure
    cell: bool = False


def figures_of(pack: ResolvedPack, report: ReportFields, schema: Schema) -> tuple[Expanded, ...]:
    """All figures of a report: those written, then those of its overlap and matrix."""
    found = [Expanded(figure) for figure in report.figures]
    if report.overlap is not None:
        found += _overlap(pack, report, report.overlap)
    if report.matrix is not None:
        found += _matrix(report, report.matrix, schema)
    return tuple(found)


def titles_of(pack: ResolvedPack, overlap: Overlap) -> dict[str, Pair]:
    """What the criteria of an overlap are called: measures as the platform has it."""
    known = {item.id: item.label or Words(zh=item.zh, en=item.en) for item in pack.criteria}
    found = {name: known.get(name, Words(zh=name, en=name)) for name in overlap.criteria}
    return {name: Pair(words.zh, words.en) for name, words in found.items()}


def _overlap(pack: ResolvedPack, report: ReportFields, overlap: Overlap) -> Iterator[Expanded]:
    titles = titles_of(pack, overlap)

    def named(names: tuple[str, ...]) -> Pair:
        return Pair(enumerated(titles[name].zh for name in names).zh, enumerated(titles[name].en for name in names).en)

    def within(condition: str) -> str:
        """The condition on the households that the overlap is about."""
        return condition if overlap.among is None else f"({overlap.among}) and ({condition})"

    every = tuple(overlap.criteria)
    for name in every:
        yield from _households(report, f"in_{name}", titles[name], within(f"met('{name}')"))
    for pair in combinations(every, 2):
        said = Pair(f"同时属于{named(pair).zh}", f"Both {named(pair).en}")
        yield from _households(report, f"both_{'__'.join(pair)}", said, within(_all(pair)))
    some = " or ".join(f"met('{name}')" for name in every)
    yield from _households(report, "union", Pair("至少属于一项", "At least one"), within(some))
    yield from _households(report, "none", Pair("一项也不属于", "None of them"), within(f"not ({some})"))
    held = [within(f"met('{name}')") for name in every]
    times = " + ".join(f"(if {condition} then 1 else 0)" for condition in held)
    together = f"sum(household, {times})"
    summed = _figure(report, "all_together", Pair("各项合计", "All added up, with repetition"), together)
    yield Expanded(summed.model_copy(update={"unit_shown": _TIMES}))
    per = _figure(report, "per_covered", Pair("受益户户均项数", "Measures per household reached"), together)
    over = {"denominator": f"count(household, {within(some)})", "places": _PLACES, "unit_shown": _MEASURES}
    yield Expanded(per.model_copy(update=over))
    for size in range(1, len(every) + 1):
        for names in combinations(every, size):
            rest = [f"not met('{name}')" for name in every if name not in names]
            condition = within(" and ".join([_all(names), *rest]))
            said = Pair(f"只属于{named(names).zh}", f"Only {named(names).en}")
            for one in _households(report, f"only_{'__'.join(names)}", said, condition):
                yield Expanded(one.item, cell=True)


def _matrix(report: ReportFields, matrix: Matrix, schema: Schema) -> Iterator[Expanded]:
    names = matrix_titles(report, schema)
    for before, old in names.items():
        for after, new in names.items():
            condition = f"previous({matrix.fact}, {matrix.years}) = '{before}' and {matrix.fact} = '{after}'"
            said = Pair(f"{old.zh}→{new.zh}", f"{old.en} → {new.en}")
            for one in _households(report, f"from_{before}__to_{after}".lower(), said, condition):
                yield Expanded(one.item, cell=before != after)


def moves_of(report: ReportFields, schema: Schema) -> Iterator[tuple[tuple[str, str], bool, Expanded]]:
    """The figures of a report's matrix between two snapshots: from and to which code, and whether they count people.

    Households that stand in one of the two snapshots alone come from, or go to, `ABSENT`.
    """
    names = matrix_titles(report, schema)
    if not names:
        return
    places = [*((code, code, said) for code, said in names.items()), (ABSENT, absent_beside(names), NOT_ON_RECORD)]
    for before, old_id, old in places:
        for after, new_id, new in places:
            if before == after == ABSENT:
                continue
            said = Pair(f"{old.zh}→{new.zh}", f"{old.en} → {new.en}")
            name = f"from_{old_id}__to_{new_id}".lower()
            made = _figure(report, name, said, None)
            yield (before, after), False, Expanded(made, cell=before != after)
            counted = _figure(report, f"{name}_people", Pair(f"{said.zh}（人）", f"{said.en} (people)"), None)
            yield (before, after), True, Expanded(counted.model_copy(update={"unit_shown": PEOPLE}), before != after)


def matrix_titles(report: ReportFields, schema: Schema) -> dict[str, Pair]:
    """What the codes of a report's matrix are called, in their order; empty where it has none."""
    fact = None if report.matrix is None else schema.fact("household", report.matrix.fact)
    if fact is None or not isinstance(fact.type, CodeType):
        return {}
    return {item.code: Pair(item.zh, item.en) for item in schema.code_lists[fact.type.list_id].items}


def absent_beside(codes: Iterable[str]) -> str:
    """What stands in place of a code for a household that is not there: no code of the list itself."""
    name = "absent"
    taken = {code.lower() for code in codes}  # ids are in lower case
    while name in taken:
        name += "_"
    return name


def _all(names: tuple[str, ...]) -> str:
    return " and ".join(f"met('{name}')" for name in names)


def _households(report: ReportFields, figure: str, said: Pair, condition: str) -> Iterator[Expanded]:
    """The households of which a condition holds, and the people in them."""
    yield Expanded(_figure(report, figure, said, f"count(household, {condition})"))
    people = _figure(
        report, f"{figure}_people", Pair(f"{said.zh}（人）", f"{said.en} (people)"),
        f"sum(household, if {condition} then members else 0)",
    )  # fmt: skip
    yield Expanded(people.model_copy(update={"unit_shown": PEOPLE}))


def _figure(report: ReportFields, figure: str, said: Pair, numerator: str | None) -> Figure:
    return Figure(
        id=figure, zh=said.zh, en=said.en, numerator=numerator, unit_shown=HOUSEHOLDS, clause=report.clause,
        basis=report.basis, note=report.note,
    )  # fmt: skip
