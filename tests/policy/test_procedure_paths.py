"""No bent procedure that loads lets a case reach the announcement without the stages that nobody may leave out."""

import copy
import itertools
import random
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lika.policy import queries
from lika.policy.choices import (
    DECIDING_KINDS,
    OPTIONAL_KINDS,
    STAGE_LEVELS,
    Body,
    Capacity,
    StageKind,
    StageLevel,
)
from lika.policy.packs.checking import check_folder
from lika.policy.packs.library import Library
from tests.policy.conftest import FILES
from tests.policy.procedures import SOUND, files
from tests.policy.test_procedures import AT

KINDS, LEVELS, BODIES = (st.sampled_from([each.value for each in choices]) for choices in (StageKind, StageLevel, Body))
SLOTS = st.lists(st.sampled_from([each.value for each in Capacity]), max_size=3)
IDS = [stage["id"] for stage in SOUND["stages"]]
FIELDS = {
    "optional": st.fixed_dictionaries({"optional": st.booleans()}),
    "kind": st.fixed_dictionaries({"kind": KINDS}),
    "level": st.fixed_dictionaries({"level": LEVELS, "by": st.lists(BODIES, min_size=1, max_size=1)}),
    "returns": st.fixed_dictionaries({"returns": st.lists(st.sampled_from(IDS), max_size=2)}),
    "slots": st.fixed_dictionaries({"signatures": SLOTS}),
    "posted": st.just({"days": 7, "day_kind": "calendar", "places": ["village"]}),
}
SENT_BACK = 0.2  # seldom enough that most cases arrive
CHANGES = st.sampled_from(["drop", "swap", "copy", *FIELDS])


def _bend(draw: st.DrawFn, stages: list[dict[str, Any]], index: int, name: str) -> None:
    """One change of one stage, or of the order of all."""
    other = draw(st.integers(0, len(stages) - 1))
    if name == "swap":
        stages[index], stages[other] = stages[other], stages[index]
    elif name == "copy":
        stages.insert(other, stages[index] | {"id": f"copy_{len(stages)}"})
    elif name == "drop" and len(stages) > 1:
        stages.pop(index)
    elif name in FIELDS:
        stages[index] |= draw(FIELDS[name])


@st.composite
def bent_procedures(draw: st.DrawFn) -> dict[str, Any]:
    """The sound procedure after one to four changes of its stages."""
    procedure = copy.deepcopy(SOUND)
    for _round in range(draw(st.integers(1, 4))):
        _bend(draw, procedure["stages"], draw(st.integers(0, len(procedure["stages"]) - 1)), draw(CHANGES))
    return procedure


def walked(procedure: queries.Procedure, dice: random.Random, steps: int) -> tuple[list[str], bool]:
    """The stages that a case has behind it, in order, after a random way, and whether the announcement is reached.

    What is sent back has nothing behind it from there on.
    """
    passed: list[str] = []
    for _step in range(steps):
        forward = procedure.following(passed[-1] if passed else None)
        here = procedure.stage(passed[-1]) if passed else None
        if here is not None and here.kind is StageKind.ANNOUNCEMENT:
            return passed, True
        backward = here.returns if here is not None else ()
        if not forward:
            break
        sent_back = bool(backward) and dice.random() < SENT_BACK
        chosen = dice.choice(backward if sent_back else forward)
        if sent_back:
            passed = list(itertools.takewhile(lambda stage, to=chosen: stage != to, passed))
        passed.append(chosen)
    return passed, False


def assert_nothing_is_skipped(procedure: queries.Procedure, passed: list[str]) -> None:
    ids = [stage.id for stage in procedure.stages]
    before = procedure.stages[: ids.index(passed[-1])]
    assert {stage.id for stage in before if not stage.optional} <= set(passed[:-1])
    assert [stage.kind for stage in before if stage.optional and stage.kind not in OPTIONAL_KINDS] == []
    kinds = {procedure.stage(name).kind for name in passed[:-1]}
    assert StageKind.PUBLIC_NOTICE in kinds
    assert kinds & DECIDING_KINDS
    heights = [STAGE_LEVELS.index(procedure.stage(name).level) for name in passed[:-1]]
    assert heights == sorted(heights)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bent_procedures(), st.randoms(use_true_random=False))
def test_no_bent_procedure_skips_a_mandatory_stage(procedure, dice):
    with TemporaryDirectory() as root:
        folder = Path(root) / "test/one"
        for name, text in (FILES | files(procedure)).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        pack = check_folder(folder, with_cases=False).pack
    if pack is None:
        return
    (found,) = queries.procedures_of(pack, at=AT)
    for _walk in range(5):
        passed, announced = walked(found, dice, steps=60)
        if announced:
            assert_nothing_is_skipped(found, passed)


def test_every_shipped_procedure_reaches_its_end_by_passing_everything():
    dice = random.Random(7)
    ways = 0
    for pack_id in Library.shipped().ids():
        pack = check_folder(Library.shipped().folder(pack_id), with_cases=False).accepted()
        for procedure in queries.procedures_of(pack, at=pack.valid.first):
            for _walk in range(20):
                passed, announced = walked(procedure, dice, steps=400)
                ways += announced
                assert announced or procedure.effect is None
                if announced:
                    assert_nothing_is_skipped(procedure, passed)
    assert ways > 0
