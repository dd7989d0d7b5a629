"""`lika snapshot` and `lika screen` as an operator types them. 演示数据"""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import translation

from lika.core.errors import NotFound
from lika.policy.packs.resolved import ResolvedPack
from lika.snapshots import storage
from lika.snapshots.models import Screening, Snapshot
from tests import factories as make
from tests.snapshots.conftest import Register

pytestmark = pytest.mark.django_db(transaction=True)


def typed(*words: str) -> tuple[str, str, int]:
    """Standard output, standard error and exit code, in English."""
    out, err = StringIO(), StringIO()
    with translation.override("en"):
        try:
            call_command(*words, stdout=out, stderr=err)
        except SystemExit as stopped:
            return out.getvalue(), err.getvalue(), int(stopped.code or 0)
    return out.getvalue(), err.getvalue(), 0


def as_json(*words: str) -> dict[str, Any]:
    out, err, code = typed(*words)
    assert (err, code) == ("", 0)
    return json.loads(out)


def test_take_list_and_verify(register: Register):
    out, _err, code = typed("snapshot", "take", "--at", "2016-12-31", "--division", "621223")
    taken = Snapshot.objects.get()
    line = f"{taken.pk}  time point 2016-12-31  period 2016-01-01 to 2016-12-31  4 households  7 persons"
    assert (out.splitlines()[0], code) == (line, 0)
    assert taken.taken_by == "system:command"
    assert typed("snapshot", "list") == (line + "\n", "", 0)
    assert typed("snapshot", "verify") == (f"{taken.pk} is as it was taken.\n", "", 0)


def test_verify_names_what_was_altered_and_goes_on(taken: Snapshot, register: Register):
    typed("snapshot", "take", "--at", "2016-12-31", "--division", make.VILLAGE)
    sound = Snapshot.objects.exclude(pk=taken.pk).get()
    (storage.folder_of(taken) / "village/county=621223.parquet").unlink()
    out, err, code = typed("snapshot", "verify")
    assert (out, code) == (f"{sound.pk} is as it was taken.\n", 2)
    assert "SNP-002 The file is missing from the snapshot. (file village/county=621223.parquet)" in err
    assert typed("snapshot", "verify", sound.pk)[2] == 0


def test_screen_prints_counts_for_people(taken: Snapshot, pack: ResolvedPack):
    out, _err, code = typed("screen", "--snapshot", taken.pk, "--pack", "test/exit")
    assert code == 0
    assert "       2 met         1 not met         1 unknown  Income" in out
    assert f"Digest {Screening.objects.get().digest}" in out
    trial, _err, _code = typed("screen", "--snapshot", taken.pk, "--pack", "test/exit@1", "--what-if")
    assert "(test/exit@1) [trial run]" in trial


def test_screen_prints_json_for_machines(taken: Snapshot, pack: ResolvedPack):
    found = as_json("screen", "--snapshot", taken.pk, "--pack", "test/exit", "--json")
    screening = Screening.objects.get()
    assert found.pop("seconds") > 0
    household = found["units"].pop("household")
    assert household["total"] == 4
    assert household["criteria"]["income"] == {"met": 2, "not_met": 1, "unknown": 1}
    assert [(each["unit"], each["county"], each["total"]) for each in found.pop("digests")] == [
        ("county", "621223", 1),
        ("household", "621223", 4),
        ("person", "621223", 7),
        ("village", "621223", 2),
    ]
    assert found == {
        "screening": str(screening.pk),
        "snapshot": taken.pk,
        "pack": "test/exit@1",
        "pack_sha256": pack.sha256,
        "what_if": False,
        "current": True,
        "units": {
            "person": {"total": 7, "criteria": {"adult": {"met": 7, "not_met": 0, "unknown": 0}}},
            "village": {"total": 2, "criteria": {"few_poor": {"met": 1, "not_met": 0, "unknown": 1}}},
            "county": {"total": 1, "criteria": {"county_poor": {"met": 0, "not_met": 1, "unknown": 0}}},
        },
        "digest": screening.digest,
        "built_on": None,
        "files_kept": 0,
        "passed_over": {},
    }


@pytest.mark.parametrize("engine", ["duckdb", "reference"])
def test_screen_verifies(screened: Screening, engine: str):
    words = ["screen", "--snapshot", screened.snapshot_id, "--pack", "test/exit", "--verify", "--engine", engine]
    assert as_json(*words, "--json") == {
        "screening": str(screened.pk),
        "engine": engine,
        "same": True,
        "digest": screened.digest,
        "digest_again": screened.digest,
        "faults": [],
        "compared": None,
        "differences": None,
    }
    Screening.objects.update(digest="0" * 64)
    out, err, code = typed(*words)
    assert (out, code) == ("", 1)
    assert err.startswith("DIFFERENT: digest 000")


def test_an_unknown_pack_or_snapshot_is_refused(taken: Snapshot, pack: ResolvedPack):
    for code, words in (
        ("POL-051", ("--snapshot", taken.pk, "--pack", "test/none")),
        ("SNP-020", ("--snapshot", "20161231-621223-ffffff", "--pack", "test/exit")),
        ("SCR-005", ("--snapshot", taken.pk, "--pack", "test/exit", "--verify")),
    ):
        with pytest.raises(NotFound) as refused:
            typed("screen", *words)
        assert refused.value.code == code
