"""Golden cases: units with expected verdicts that a pack carries as its own examples, run on every engine.

Each criterion and rule of quality that a pack brings must be shown met, not met and unknown; one without basis can
only be unknown.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import cast

from lika.engine.criteria import Checked
from lika.engine.errors import FactsError
from lika.engine.facts_json import FactsDocument, read_facts
from lika.engine.schema import ParameterValue
from lika.policy import figures, resolve
from lika.policy.choices import VERDICT_VALUES, Verdict
from lika.policy.engines import ENGINES
from lika.policy.packs import faults, figure_cases
from lika.policy.packs.case_form import Case
from lika.policy.packs.faults import Fault, Place
from lika.policy.packs.folder import Item, PackFiles
from lika.policy.packs.form import Criterion, QualityRule
from lika.policy.packs.resolved import ResolvedCriterion, ResolvedPack, ResolvedRule, from_text, to_text

# What a case may expect a verdict of.
Judging = Item[Criterion] | Item[QualityRule]

_WORDS = {value: verdict for verdict, value in VERDICT_VALUES.items()}
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


def faults_of(pack: ResolvedPack, files: PackFiles) -> Iterator[Fault]:
    """Wrong or impossible expectations, then criteria that no case shows."""
    restrained = {item.value.id: item for item in _judging(files) if item.value.never}
    for item in files.cases:
        yield from _case_faults(pack, item, restrained)
    yield from _lacking(files)
    yield from figure_cases.lacking(files)


def _case_faults(pack: ResolvedPack, item: Item[Case], restrained: Mapping[str, Judging]) -> Iterator[Fault]:
    named = list(_name_faults(pack, item))
    if named:
        yield from named
        return
    case = item.value
    if not (case.expect or case.figures):
        yield faults.field_missing(item.place(), "expect")
        return
    checked = _checked(pack, case)
    try:
        document = read_facts({**case.facts, "reference_date": case.at}, resolve.schema_of(pack))
        expressions = [checked[criterion] for criterion in case.expect]
        found = {engine: answers(expressions, document) for engine, answers in ENGINES.items() if expressions}
        for index, (criterion, verdict) in enumerate(case.expect.items()):
            by_verdict: dict[Verdict, list[str]] = defaultdict(list)
            for engine, answers in found.items():
                by_verdict[_WORDS[cast("bool | None", answers[index])]].append(engine)
            for other, engines in by_verdict.items():
                if other is not verdict:
                    place = item.place("expect", criterion)
                    yield faults.case_wrong(place, criterion, engines, str(verdict), str(other))
        yield from _contradictions(checked, document, case, restrained)
        language = figures.language_of(pack, at=case.at, assume=_assumed(pack, case))
        yield from figure_cases.faults_of(pack, item, document, language)
    except FactsError as error:
        yield faults.facts(_facts_place(item, error.path), error)


def _contradictions(
    checked: Mapping[str, Checked], document: FactsDocument, case: Case, restrained: Mapping[str, Judging]
) -> Iterator[Fault]:
    """Criteria that say `never` to a verdict which they have in a case, whether it names them or not."""
    for criterion, item in restrained.items():
        if item.value.unit != case.unit:
            continue
        try:
            (answer,) = ENGINES["reference"]([checked[criterion]], document)
        except FactsError:
            continue  # a case gives what its own criteria need; where those lack something, it has been said
        found = _WORDS[cast("bool | None", answer)]
        if found in item.value.never:
            yield faults.never_contradicted(item.place("never"), criterion, str(found), case.id)


def _judging(files: PackFiles) -> list[Judging]:
    return [*files.criteria, *files.quality]


def _checked(pack: ResolvedPack, case: Case) -> Mapping[str, Checked]:
    """Criteria and rules at the day of the case, with the values that the case assumes."""
    assume = _assumed(pack, case)
    criteria = resolve.compiled(pack, at=case.at, assume=assume).checked
    return {**criteria.by_id, **resolve.compiled_rules(pack, at=case.at, assume=assume).by_id}


def _assumed(pack: ResolvedPack, case: Case) -> dict[str, ParameterValue]:
    """The values that the case gives to parameters."""
    assume: dict[str, ParameterValue] = {}
    for parameter in pack.parameters:
        if parameter.id in case.assume:
            text = to_text(parameter.type, parameter.places, case.assume[parameter.id])
            assume[parameter.id] = None if text is None else from_text(parameter.type, text)
    return assume


def _name_faults(pack: ResolvedPack, item: Item[Case]) -> Iterator[Fault]:
    known: dict[str, ResolvedCriterion | ResolvedRule] = {item.id: item for item in pack.criteria}
    known |= {item.id: item for item in pack.quality}
    for name in item.value.expect:
        criterion = known.get(name)
        if criterion is None:
            yield faults.case_unknown_name(item.key_place("expect", name), "criterion", name, known)
        elif criterion.unit != item.value.unit:
            yield faults.case_other_unit(item.key_place("expect", name), name, criterion.unit)


def _lacking(files: PackFiles) -> Iterator[Fault]:
    shown: dict[str, set[Verdict]] = defaultdict(set)
    for item in files.cases:
        for name, verdict in item.value.expect.items():
            shown[name].add(verdict)
    for criterion in _judging(files):
        wanted = Verdict if criterion.value.expression is not None else (Verdict.UNKNOWN,)
        lacking = [
            verdict.value for verdict in wanted if verdict not in (*shown[criterion.value.id], *criterion.value.never)
        ]
        if lacking:
            yield faults.case_lacking(criterion.place(), criterion.value.id, lacking)


def _facts_place(item: Item[Case], path: str) -> Place:
    """Where in the file the engine's path leads.

    `household.person[2].age` may be written beside `household`, under `person`.
    """
    steps = [int(index) if index else name for index, name in _STEP.findall(path.removeprefix("$"))]
    if len(steps) > 1 and steps[1] in item.value.facts:
        steps = steps[1:]
    return item.place("facts", *steps)
