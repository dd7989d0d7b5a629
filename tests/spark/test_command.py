"""`lika screen --engine` with Spark: the same digest as with DuckDB, recorded alike, verified by either. 演示数据"""

import pytest

from lika.core.errors import UserError
from lika.policy.packs.resolved import ResolvedPack
from lika.snapshots import storage
from lika.snapshots.models import Screening, Snapshot
from tests.snapshots.conftest import actor, data_dir, pack, register, taken, write_pack  # noqa: F401 - fixtures
from tests.snapshots.test_commands import as_json, typed

pytestmark = pytest.mark.django_db(transaction=True)
UNTOLD = {"screening", "seconds"}


def test_a_screening_by_spark_is_one_by_duckdb(taken: Snapshot, pack: ResolvedPack) -> None:  # noqa: F811
    words = ("screen", "--snapshot", taken.pk, "--pack", "test/exit", "--json")
    fast = as_json(*words)
    spark = as_json(*words, "--engine", "local[1]")
    assert {key: spark[key] for key in spark.keys() - UNTOLD - {"current"}} == {
        key: fast[key] for key in fast.keys() - UNTOLD - {"current"}
    }
    verified = as_json(*words, "--verify", "--engine", "local[1]")
    assert (verified["engine"], verified["same"], verified["digest_again"]) == ("spark", True, fast["digest"])
    assert typed(*words, "--verify")[2] == 0


def test_a_cluster_that_does_not_answer_leaves_nothing(taken: Snapshot, pack: ResolvedPack) -> None:  # noqa: F811
    before = set(storage.folder_of(taken).parents[1].rglob("*"))
    with pytest.raises(UserError) as caught:
        typed("screen", "--snapshot", taken.pk, "--pack", "test/exit", "--engine", "spark://127.0.0.1:9")
    assert (caught.value.code, caught.value.remedy) == ("ENG-103", "Nothing of it was kept; screen again.")
    assert not Screening.objects.exists()
    assert set(storage.folder_of(taken).parents[1].rglob("*")) == before


@pytest.mark.parametrize("engine", ["reference", "spark", "spark://127.0.0.1"])
def test_what_is_no_engine_is_refused(taken: Snapshot, pack: ResolvedPack, engine: str) -> None:  # noqa: F811
    with pytest.raises(UserError) as caught:
        typed("screen", "--snapshot", taken.pk, "--pack", "test/exit", "--engine", engine)
    assert caught.value.code == "SCR-007"
