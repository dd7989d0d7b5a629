"""What `benchmarks/peers.py` compares gives equal verdicts for every household, and a difference is told. 演示数据"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
BENCHMARK = ROOT / "benchmarks/peers.py"
OPENFISCA = ROOT / "var/openfisca/bin/python"
HOUSEHOLDS = 2_000


def screened(*ways: str) -> Any:
    """The figures of a small run; it stops by itself where the ways differ."""
    command = [sys.executable, str(BENCHMARK), "--households", str(HOUSEHOLDS), "--ways", ",".join(ways)]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "lika.config.settings"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_pandas_and_plain_python_give_the_verdicts_of_lika() -> None:
    found = screened("duckdb", "plain", "pandas")
    assert (found["households"], found["criteria"]) == (HOUSEHOLDS, 10)
    assert len({way["sha256"] for way in found["ways"].values()}) == 1
    # Every criterion is met by some, not by others, and unknown of a few: nothing is equal by being empty.
    for name, met in found["met"].items():
        unknown = found["unknown"][name]
        assert (met > 0, unknown > 0, met + unknown < HOUSEHOLDS) == (True, True, True), name


@pytest.mark.skipif(not OPENFISCA.is_file(), reason="no environment of OpenFisca: run benchmarks/peers.py once")
def test_openfisca_gives_the_verdicts_of_lika() -> None:
    assert len({way["sha256"] for way in screened("duckdb", "openfisca")["ways"].values()}) == 1


@pytest.fixture
def peers(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(BENCHMARK.parent))
    import peers as module  # type: ignore[import-not-found]

    yield module
    for name in [name for name in sys.modules if name.partition(".")[0] in ("peers", "peering")]:
        del sys.modules[name]


def test_a_way_that_differs_is_named_with_its_criterion(peers: ModuleType) -> None:
    ours = np.zeros((3, 10), np.int8)
    theirs = ours.copy()
    theirs[1, 4] = -1
    assert peers.compared({"duckdb": ours, "plain": ours.copy()}) == []
    assert peers.compared({"duckdb": ours, "pandas": theirs, "plain": ours[:2]}) == [
        "pandas differs from duckdb in education for 1 households (row 1: -1 instead of 0).",
        "plain has 2 households, duckdb has 3.",
    ]


def test_criteria_other_than_those_of_the_pack_are_refused(peers: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    from peering import names, ours  # type: ignore[import-not-found]

    monkeypatch.setattr(names, "CRITERIA", names.CRITERIA[:9])
    with pytest.raises(SystemExit, match="The pack has other criteria"):
        ours.compiled()


def test_a_way_that_there_is_not_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, str(BENCHMARK), "--ways", "excel"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (
        1, "No such way: excel. There are duckdb, spark, pandas, plain, openfisca.\n",
    )  # fmt: skip


def test_a_folder_of_other_households_is_refused(tmp_path: Path) -> None:
    """Figures of another number than was asked for would be taken for the one asked for."""
    asked = [sys.executable, str(BENCHMARK), "--ways", "plain", "--folder", str(tmp_path / "made"), "--households"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "lika.config.settings"}
    first, other = (
        subprocess.run([*asked, number], env=environment, capture_output=True, text=True, check=False)
        for number in ("100", "200")
    )
    assert (first.returncode, json.loads(first.stdout)["households"]) == (0, 100)
    assert (other.returncode, other.stdout, other.stderr.splitlines()[-1]) == (
        1, "", "The folder holds 100 households and not 200: name another folder or number.",
    )  # fmt: skip
