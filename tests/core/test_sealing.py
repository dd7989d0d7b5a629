"""The chain: sealing, and finding every way of tampering in a real database."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from lika.core import audit, sealing
from lika.core.actors import SystemActor
from lika.core.errors import PermissionRefused, UserError
from lika.core.models import AuditEntry, AuditHead, AuditLink
from lika.core.sealing import heads, sealer, signing
from lika.core.sealing.heads import Head

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data_dir")]

COUNTY, OTHER = 621223, 621202


def write(operator, county: int = COUNTY, count: int = 1) -> list[AuditEntry]:
    with transaction.atomic():
        changes = [
            audit.Change("household", f"{county}-{i}", county, "演示", {"a": i}, {"a": i + 1}) for i in range(count)
        ]
        return audit.record_many(by=operator, action="household.changed", changes=changes, reason="演示")


@pytest.fixture
def chain(operator) -> list[AuditEntry]:
    """Six rows of one county sealed in two passes, two of another, and their copies."""
    first = write(operator, count=4)
    write(operator, OTHER, 2)
    sealing.seal(by=operator)
    second = write(operator, count=2)
    sealing.seal(by=operator)
    return [*first, *second]


def found(operator, **more) -> list[tuple[str, int, int | None]]:
    report = sealing.verify(by=operator, **more)
    assert report.is_sound == (not report.findings)
    return [(finding.code, finding.county, finding.position) for finding in report.findings]


def run(sql: str, *values) -> int:
    """What somebody with the database's password may do."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


def lines(data_dir: Path) -> list[dict]:
    return [json.loads(line) for line in (data_dir / "audit/heads.jsonl").read_text().splitlines()]


# Sealing


def test_an_honest_chain_is_sound(operator, chain, data_dir):
    write(operator)
    report = sealing.verify(by=operator)

    assert report.findings == ()
    assert (report.counties, report.entries, report.heads, report.copies, report.unsealed) == (2, 8, 3, 3, 1)
    assert report.oldest_unsealed == AuditEntry.objects.get(sealed=False).at
    assert list(AuditLink.objects.filter(county=COUNTY).order_by("position").values_list("entry_id", "position")) == [
        (entry.id, position) for position, entry in enumerate(chain, 1)
    ]
    assert [(line["county"], line["position"]) for line in lines(data_dir)] == [(OTHER, 2), (COUNTY, 4), (COUNTY, 6)]


def test_sealing_twice_changes_nothing(operator, chain):
    assert sealing.seal(by=operator) == sealing.Sealed(0, 0, ())
    assert AuditHead.objects.count() == 3


def test_a_long_tail_is_sealed_in_several_steps(operator, monkeypatch):
    monkeypatch.setattr(sealer, "BATCH", 2)
    write(operator, count=5)

    assert sealing.seal(by=operator) == sealing.Sealed(5, 1, ())
    assert list(AuditHead.objects.order_by("id").values_list("position", flat=True)) == [2, 4, 5]
    assert found(operator) == []


def test_a_county_that_another_sealer_works_on_is_left_to_it(operator):
    write(operator)
    write(operator, OTHER)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [sealer._LOCK_SPACE, COUNTY])
        assert sealing.seal(by=operator) == sealing.Sealed(1, 1, (COUNTY,))
    finally:
        other.close()
    assert sealing.seal(by=operator) == sealing.Sealed(1, 1, ())


def test_the_state_is_told_without_reading_the_chain(operator, chain):
    write(operator)
    status = sealing.status(by=operator)

    assert (status.sealed, status.unsealed) == (8, 1)
    assert status.last_sealed == AuditHead.objects.latest("id").sealed_at


def test_sealing_and_verifying_need_their_permissions(operator):
    nobody = SystemActor("nobody", ())
    for call in (sealing.seal, sealing.verify, sealing.status):
        with pytest.raises(PermissionRefused):
            call(by=nobody)


# Tampering


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "somebody else"),
        ("action", "household.added"),
        ("label", "别的"),
        ("reason", ""),
        ("subject_id", "621223-9"),
        ("subject_kind", "person"),
        ("county", OTHER),
        ("at", "2016-01-01T00:00:00Z"),
        ("new", b"other"),
        ("old", None),
        ("content_hash", b"\0" * 32),
    ],
)
def test_a_changed_entry_is_found(operator, chain, column, value):
    run(f"UPDATE core_auditentry SET {column} = %s WHERE id = %s", value, chain[1].id)

    assert ("AUD-001", COUNTY, 2) in found(operator)


def test_a_changed_entry_with_a_fitting_hash_is_found(operator, chain):
    entry = chain[1]
    entry.actor = "somebody else"
    run(
        "UPDATE core_auditentry SET actor = %s, content_hash = %s WHERE id = %s",
        entry.actor,
        audit.content_hash(entry),
        entry.id,
    )

    assert found(operator) == [("AUD-004", COUNTY, 2)]


def test_a_removed_entry_is_found(operator, chain):
    run("DELETE FROM core_auditentry WHERE id = %s", chain[2].id)

    assert found(operator) == [("AUD-002", COUNTY, 3)]


def test_a_removed_entry_with_its_link_is_found(operator, chain):
    run("DELETE FROM core_auditentry WHERE id = %s", chain[2].id)
    run("DELETE FROM core_auditlink WHERE entry_id = %s", chain[2].id)

    assert found(operator) == [("AUD-003", COUNTY, 3)]


def test_a_removed_entry_with_the_rest_moved_up_is_found(operator, chain):
    run("DELETE FROM core_auditentry WHERE id = %s", chain[2].id)
    run("DELETE FROM core_auditlink WHERE entry_id = %s", chain[2].id)
    for position in (4, 5, 6):
        run(
            "UPDATE core_auditlink SET position = %s WHERE county = %s AND position = %s",
            position - 1,
            COUNTY,
            position,
        )

    codes = found(operator)
    assert ("AUD-004", COUNTY, 3) in codes
    assert ("AUD-010", COUNTY, 6) in codes


def test_an_inserted_entry_is_found(operator, chain):
    (inserted,) = write(operator)
    run("UPDATE core_auditentry SET sealed = true WHERE id = %s", inserted.id)

    report = sealing.verify(by=operator)
    assert [(finding.code, finding.county, finding.entry) for finding in report.findings] == [
        ("AUD-005", COUNTY, inserted.id)
    ]


def test_an_entry_linked_by_hand_is_found(operator, chain):
    (inserted,) = write(operator)
    last = AuditLink.objects.get(county=COUNTY, position=6)
    link = signing.next_link(bytes(last.link), bytes(inserted.content_hash))
    AuditLink.objects.create(entry_id=inserted.id, county=COUNTY, position=7, link=link)
    assert found(operator) == [("AUD-006", COUNTY, 7), ("AUD-015", COUNTY, None)]

    run("UPDATE core_auditentry SET sealed = true WHERE id = %s", inserted.id)
    assert found(operator) == [("AUD-006", COUNTY, 7)]


def cut(position: int) -> None:
    """Remove everything from a position on, heads too."""
    linked = "SELECT entry_id FROM core_auditlink WHERE county = %s AND position >= %s"
    run(f"DELETE FROM core_auditentry WHERE id IN ({linked})", COUNTY, position)
    run("DELETE FROM core_auditlink WHERE county = %s AND position >= %s", COUNTY, position)
    run("DELETE FROM core_audithead WHERE county = %s AND position >= %s", COUNTY, position)


@pytest.mark.parametrize("position", [1, 5])
def test_a_cut_off_tail_is_found_by_the_copies(operator, chain, position):
    cut(position)

    assert found(operator) == [("AUD-010", COUNTY, position)]


def test_a_cut_off_tail_under_new_rows_is_found_by_the_copies(operator, chain):
    cut(5)
    write(operator, count=2)
    sealing.seal(by=operator)

    assert found(operator) == [("AUD-011", COUNTY, 6)]


def test_a_chain_rewritten_with_all_its_links_is_found(operator, chain):
    entry = chain[1]
    entry.actor = "somebody else"
    entry.content_hash = audit.content_hash(entry)
    run(
        "UPDATE core_auditentry SET actor = %s, content_hash = %s WHERE id = %s",
        entry.actor,
        entry.content_hash,
        entry.id,
    )
    link = signing.FIRST_LINK
    for row in AuditLink.objects.filter(county=COUNTY).order_by("position"):
        link = signing.next_link(link, bytes(AuditEntry.objects.get(id=row.entry_id).content_hash))
        run("UPDATE core_auditlink SET link = %s WHERE entry_id = %s", link, row.entry_id)

    assert found(operator) == [
        ("AUD-008", COUNTY, 4),
        ("AUD-008", COUNTY, 6),
        ("AUD-011", COUNTY, 4),
        ("AUD-011", COUNTY, 6),
    ]

    # With the heads adapted too, the signatures and the copies still tell.
    for head in AuditHead.objects.filter(county=COUNTY):
        fitting = AuditLink.objects.get(county=COUNTY, position=head.position).link
        run("UPDATE core_audithead SET link = %s WHERE id = %s", fitting, head.id)
    codes = {code for code, _, _ in found(operator)}
    assert codes == {"AUD-007", "AUD-011", "AUD-013"}


def test_a_head_signed_by_another_key_is_found(operator, chain, data_dir):
    (data_dir / "keys/audit.key").rename(data_dir / "keys/true.key")
    signing._private_key.cache_clear()
    signing.ensure_key(may_make=True)
    head = AuditHead.objects.get(county=COUNTY, position=6)
    forged = signing.sign(signing.head_message(COUNTY, 6, bytes(head.link), head.sealed_at))
    (data_dir / "keys/true.key").replace(data_dir / "keys/audit.key")
    signing._private_key.cache_clear()
    run("UPDATE core_audithead SET signature = %s WHERE id = %s", forged, head.id)

    assert found(operator) == [("AUD-007", COUNTY, 6), ("AUD-013", COUNTY, 6)]


def test_a_removed_head_is_found(operator, chain):
    run("DELETE FROM core_audithead WHERE county = %s AND position = 4", COUNTY)

    assert found(operator) == [("AUD-012", COUNTY, 4)]


def test_altered_copies_are_found(operator, chain, data_dir):
    file = data_dir / "audit/heads.jsonl"
    first, second, third = file.read_text().splitlines(keepends=True)

    file.write_text(first + third)
    assert found(operator) == [("AUD-013", COUNTY, 4)]
    file.write_text(first + second.replace('"position":4', '"position":3') + third)
    assert found(operator) == [("AUD-009", COUNTY, 3), ("AUD-013", COUNTY, 4)]
    file.write_text(first + second + third + "not a head\n")
    assert found(operator) == [("AUD-009", 0, 4)]
    file.unlink()
    assert found(operator) == [("AUD-014", 0, None)]


def test_a_crash_between_seal_and_copy_is_mended_by_the_next_seal(operator, chain, data_dir):
    file = data_dir / "audit/heads.jsonl"
    whole = file.read_text()
    file.write_text("".join(whole.splitlines(keepends=True)[:-1]))

    sealing.seal(by=operator)
    assert file.read_text() == whole
    assert found(operator) == []


def test_copies_and_key_may_come_from_elsewhere(operator, chain, data_dir, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    copies, key = elsewhere / "heads.jsonl", elsewhere / "key.pem"
    copies.write_bytes((data_dir / "audit/heads.jsonl").read_bytes())
    key.write_bytes((data_dir / "audit/audit-public-key.pem").read_bytes())
    cut(5)
    (data_dir / "audit/heads.jsonl").write_text("")
    (data_dir / "keys/audit.key").unlink()
    signing._private_key.cache_clear()

    assert found(operator, copies=copies, key=key) == [("AUD-010", COUNTY, 5)]
    key.write_text("not a key")
    with pytest.raises(UserError) as refused:
        sealing.verify(by=operator, copies=copies, key=key)
    assert refused.value.code == "COR-010"


def test_the_private_key_is_for_its_owner_alone_and_is_never_replaced(operator, chain, data_dir):
    file = data_dir / "keys/audit.key"
    before = file.read_text()
    signing._make(file)

    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text() == before
    assert [path.name for path in file.parent.iterdir()] == ["audit.key"]


def test_a_lost_key_is_not_replaced_by_a_new_one(operator, chain, data_dir):
    (data_dir / "keys/audit.key").unlink()
    signing._private_key.cache_clear()
    write(operator)

    for call in (sealing.seal, sealing.verify):
        with pytest.raises(UserError) as refused:
            call(by=operator)
        assert refused.value.code == "COR-010"
    assert not (data_dir / "keys/audit.key").exists()
    assert AuditEntry.objects.filter(sealed=False).count() == 1


def test_a_head_is_written_and_read_alike(data_dir, operator, chain):
    row = AuditHead.objects.latest("id")

    assert list(heads.read(heads.heads_file()))[-1] == heads.of_row(row)
    assert isinstance(heads.of_row(row), Head)


# The command


def test_the_command_says_what_it_found_and_fails(operator, chain, capsys):
    call_command("audit", "verify")
    sound = capsys.readouterr().out
    run("DELETE FROM core_auditentry WHERE id = %s", chain[2].id)
    with pytest.raises(SystemExit) as ended:
        call_command("audit", "verify")

    assert "AUD" not in sound
    assert ended.value.code == 1
    assert capsys.readouterr().out.splitlines()[0].startswith("AUD-002")


def test_the_command_seals_and_tells_the_state(operator, capsys):
    write(operator, count=3)
    call_command("audit", "status")
    before = capsys.readouterr().out
    call_command("audit", "seal")
    call_command("audit", "status")

    assert "3" in before
    assert AuditEntry.objects.filter(sealed=False).count() == 0
    assert found(operator) == []


@pytest.mark.parametrize(
    ("division", "chain"),
    [
        (621223100201, 621223),
        ("621223100201", 621223),
        ("621223", 621223),
        (621200000000, 0),
        ("62", 0),
        ("000000", 0),
        ("", 0),
    ],
)
def test_what_is_done_about_a_division_stands_in_the_chain_of_its_county(division: int | str, chain: int) -> None:
    assert audit.chain_of(division) == chain
