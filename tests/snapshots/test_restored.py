"""A county backed up and restored into an empty folder gives the same verdicts and the same chain. 演示数据"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from lika.core import crypto, safekeeping, sealing
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.models import AuditHead
from lika.core.permissions import Permission
from lika.policy.packs.resolved import ResolvedPack
from lika.runtime.postgres import PORTAL_ROLE, WEB_ROLE
from lika.snapshots import actions
from lika.snapshots.models import Screening, Snapshot
from tests.pgplugin import KEYS
from tests.runtime.conftest import own_folder

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

OPERATOR = SystemActor("test", tuple(Permission), EVERYWHERE)


@pytest.fixture
def before(data_dir: Path, actor: SystemActor) -> Path:
    """An installation that knows no key of the tests before it."""
    crypto.forget_keys()
    return data_dir


def lika(env: dict[str, str], *words: str) -> str:
    done = subprocess.run([sys.executable, "-m", "lika", *words], env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    return done.stdout


def test_a_restored_installation_screens_alike_and_its_chain_is_whole(
    before: Path, taken: Snapshot, pack: ResolvedPack, tmp_path: Path
) -> None:
    screening: Screening = actions.screen(by=OPERATOR, snapshot=taken.pk, pack=pack)
    sealing.seal(by=OPERATOR)
    heads = list(AuditHead.objects.order_by("id").values_list("county", "position", "signature"))
    archive, _manifest = safekeeping.back_up(by=OPERATOR, folder=tmp_path / "backups", say=lambda part: None)

    with own_folder() as new:  # no database, no keys, nothing
        plain = {name: value for name, value in os.environ.items() if not name.startswith("LIKA_")}
        env = {**plain, **KEYS, "LIKA_DATA_DIR": str(new), "LIKA_LANG": "en"}
        (new / "keys").mkdir(parents=True)
        new.chmod(0o755)
        (new / "keys/audit.key").write_bytes((settings.LIKA.data_dir / "keys/audit.key").read_bytes())
        (new / "keys/audit.key").chmod(0o600)

        assert "Restored." in lika(env, "restore", str(archive))
        again = ["screen", "--snapshot", taken.pk, "--pack", "test/exit", "--verify", "--json"]
        told = json.loads(lika(env, *again))
        assert (told["digest"], told["digest_again"], told["faults"]) == (screening.digest, screening.digest, [])
        assert lika(env, "snapshot", "verify") == f"{taken.pk} is as it was taken.\n"
        verified = lika(env, "audit", "verify").splitlines()
        assert verified[-1] == "Nothing was altered."
        doctor = lika(env, "doctor").splitlines()
        for role, subject in ((WEB_ROLE, "second wall"), (PORTAL_ROLE, "public pages")):  # no rights are in an archive
            assert [line[0] for line in doctor if subject in line and role in line] == ["✓"]
        copies = [json.loads(line) for line in (new / "audit/heads.jsonl").read_text().splitlines()]
        assert [(one["county"], one["position"], one["signature"]) for one in copies] == [
            (county, position, bytes(signature).hex()) for county, position, signature in heads
        ]
