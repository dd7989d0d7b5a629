"""The page of the audit chain: its end, its tail, and a verification by a process of its own. 演示数据"""

from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

from lika.accounts.choices import Role
from lika.core import audit, sealing
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.core.sealing import checks
from tests.conftest import OwnProcesses
from tests.console.officials import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
COUNTY, OTHER = 621223, 621202
OPERATOR = SystemActor("test", tuple(Permission), EVERYWHERE)


def write(county: int, count: int) -> None:
    with transaction.atomic():
        changes = [audit.Change("household", f"{county}-{i}", county, "演示", None, {"a": i}) for i in range(count)]
        audit.record_many(by=OPERATOR, action="household.changed", changes=changes)


@pytest.fixture
def chain(own_processes: OwnProcesses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four sealed rows of the county and one that waits; three of another county."""
    own_processes(tmp_path)
    monkeypatch.setattr(checks, "WAIT_SECONDS", 300)  # a busy machine is slow, not wrong
    write(COUNTY, 4)
    write(OTHER, 3)
    sealing.seal(by=OPERATOR)
    write(COUNTY, 1)


def test_each_sees_the_chains_of_their_area(chain):
    lines = signed_in(Role.AUDITOR).get("/audit/").context["lines"]
    assert [
        (line["chain"].county, line["chain"].head.position, line["chain"].signed)
        for line in lines
        if line["chain"].county
    ] == [(COUNTY, 4, True)]
    assert [line["chain"].unsealed for line in lines if line["chain"].county == COUNTY] == [1]
    assert [line["check"] for line in lines] == [None] * len(lines)


def test_a_chain_outside_the_area_is_not_verified(chain):
    assert signed_in(Role.AUDITOR).post(f"/audit/{OTHER}/verify/").status_code == 403
    assert sealing.last_check(OTHER) is None


@pytest.mark.slow
def test_a_verification_runs_and_says_what_it_found(chain):
    client = signed_in(Role.AUDITOR)
    assert client.post(f"/audit/{COUNTY}/verify/")["Location"] == "/audit/"
    check = sealing.last_check(COUNTY)
    assert (check.is_sound, check.done, check.findings) == (True, 4, ())
    assert "未发现改动" in client.get("/audit/").content.decode()
    assert client.get(f"/audit/{COUNTY}/progress/").headers["HX-Refresh"] == "true"

    with connection.cursor() as cursor:  # what somebody with the database's password may do
        cursor.execute("UPDATE core_auditentry SET reason = 'x' WHERE county = %s AND sealed", [COUNTY])
    client.post(f"/audit/{COUNTY}/verify/")
    assert [finding.code for finding in sealing.last_check(COUNTY).findings] == ["AUD-001"] * 4
    page = client.get("/audit/").content.decode()
    assert "发现改动" in page
    assert "AUD-001" in page


def test_only_one_at_a_time_and_one_that_died_is_told(chain):
    checks._write(sealing.Check(COUNTY, "auditor", timezone.now()))
    client = signed_in(Role.AUDITOR)
    refused = client.post(f"/audit/{COUNTY}/verify/")
    assert (refused.status_code, "AUD-101" in refused.content.decode()) == (400, True)
    assert "正在开始核验" in client.get(f"/audit/{COUNTY}/progress/").content.decode()

    checks._write(sealing.Check(COUNTY, "auditor", timezone.now() - 2 * checks.STARTS_WITHIN))
    assert "中途停止，没有结果" in client.get("/audit/").content.decode()


def test_nobody_verifies_what_was_not_asked_for(chain):
    with pytest.raises(UserError) as refused:
        sealing.run_check(by=OPERATOR, county=OTHER)
    assert refused.value.code == "AUD-102"
