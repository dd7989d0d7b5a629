"""Encryption, the blind index, and a new master key. 演示数据"""

import base64
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from lika.core import audit, crypto
from lika.core.errors import PermissionRefused, UserError
from lika.core.keys import rotate_master_key
from lika.core.models import AuditEntry, DataKey

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fresh_keys")]

OLD, NEW = b"M" * 32, b"N" * 32
ROW, OTHER = UUID(int=1), UUID(int=2)
HERE = crypto.place("register_person", "id_number", ROW)


@given(texts=st.lists(st.text()))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_was_encrypted_is_decrypted(texts):
    places = [crypto.place("register_person", "name", UUID(int=number)) for number in range(len(texts))]
    sealed = crypto.encrypt_many(texts, places)

    assert [crypto.decrypt(blob, at) for blob, at in zip(sealed, places, strict=True)] == texts
    assert len(set(sealed)) == len(sealed)


@pytest.mark.parametrize("place", [0, 1, 4, 5, 16, 17, -1])
def test_an_altered_ciphertext_is_refused(place):
    blob = bytearray(crypto.encrypt("621223198001011234", HERE))
    blob[place] ^= 1

    with pytest.raises(UserError) as refused:
        crypto.decrypt(bytes(blob), HERE)
    assert refused.value.code in {"COR-002", "COR-003"}
    assert "621223" not in str(refused.value)


@pytest.mark.parametrize(
    "elsewhere",
    [
        crypto.place("register_person", "id_number", OTHER),
        crypto.place("register_person", "id_original", ROW),
        crypto.place("register_household", "id_number", ROW),
    ],
)
def test_a_ciphertext_opens_only_where_it_was_put(elsewhere):
    blob = crypto.encrypt("621223198001011234", HERE)

    assert crypto.decrypt(blob, HERE) == "621223198001011234"
    with pytest.raises(UserError) as refused:
        crypto.decrypt(blob, elsewhere)
    assert refused.value.code == "COR-002"


def test_a_data_key_opens_only_under_its_number():
    """Exchanged, the key of the blind index would encrypt, and equal texts be told from its table."""
    crypto.encrypt("x", HERE)
    crypto.blind_index("x", "identity")
    index, first = DataKey.objects.order_by("number")
    DataKey.objects.filter(number=first.number).update(wrapped=index.wrapped)
    crypto.forget_keys()

    with pytest.raises(UserError) as refused:
        crypto.encrypt("x", HERE)
    assert refused.value.code == "COR-001"


def test_a_blind_index_is_equal_for_equal_texts_of_one_purpose():
    assert crypto.blind_index("a", "identity") == crypto.blind_index("a", "identity")
    assert len({crypto.blind_index(*pair) for pair in [("a", "identity"), ("b", "identity"), ("a", "account")]}) == 3
    assert crypto.linkage_token("a") != crypto.blind_index("a", "identity")


def test_a_key_made_in_a_transaction_that_fails_is_kept():
    with transaction.atomic():
        blob, index = crypto.encrypt("石演示", HERE), crypto.blind_index("a", "identity")
        transaction.set_rollback(True)
    crypto.forget_keys()

    assert crypto.decrypt(blob, HERE) == "石演示"
    assert crypto.blind_index("a", "identity") == index


def test_no_key_lies_in_the_database_unsealed():
    crypto.encrypt("x", HERE)
    crypto.blind_index("x", "identity")

    assert {len(bytes(row.wrapped)) for row in DataKey.objects.all()} == {12 + 32 + 16}
    assert list(DataKey.objects.order_by("number").values_list("number", flat=True)) == [0, 1]


def test_a_new_data_key_leaves_old_values_readable():
    old = crypto.encrypt("石演示", HERE)
    DataKey.objects.create(number=2, wrapped=crypto.wrap(2, b"K" * 32))
    crypto.forget_keys()
    new = crypto.encrypt("石演示", HERE)

    assert (old[1:5], new[1:5]) == (b"\0\0\0\1", b"\0\0\0\2")
    assert crypto.decrypt(old, HERE) == crypto.decrypt(new, HERE) == "石演示"


def test_a_missing_data_key_is_named():
    DataKey.objects.create(number=2, wrapped=crypto.wrap(2, b"K" * 32))
    blob = crypto.encrypt("石演示", HERE)
    DataKey.objects.filter(number=2).delete()
    crypto.forget_keys()

    with pytest.raises(UserError) as refused:
        crypto.decrypt(blob, HERE)
    assert (refused.value.code, refused.value.where) == ("COR-003", {"data_key": 2})


def test_another_master_key_opens_nothing(settings):
    blob = crypto.encrypt("石演示", HERE)
    crypto.forget_keys()
    settings.LIKA_MASTER_KEY = NEW

    with pytest.raises(UserError) as refused:
        crypto.decrypt(blob, HERE)
    assert refused.value.code == "COR-001"


def test_after_a_rotation_only_the_new_master_key_opens_everything(settings, operator):
    blob, index = crypto.encrypt("石演示", HERE), crypto.blind_index("a", "identity")

    assert rotate_master_key(by=operator, old=OLD, new=NEW) == 2
    assert crypto.decrypt(blob, HERE) == "石演示"  # whoever holds the keys goes on
    crypto.forget_keys()
    with pytest.raises(UserError):
        crypto.decrypt(blob, HERE)

    settings.LIKA_MASTER_KEY = NEW
    crypto.forget_keys()
    assert crypto.decrypt(blob, HERE) == "石演示"
    assert crypto.blind_index("a", "identity") == index
    assert [entry.action for entry in AuditEntry.objects.all()] == ["keys.rotated"]


def test_a_rotation_in_a_process_that_holds_no_key_asks_for_none(settings, operator):
    blob = crypto.encrypt("石演示", HERE)
    crypto.forget_keys()

    assert rotate_master_key(by=operator, old=OLD, new=NEW) == 1
    settings.LIKA_MASTER_KEY = NEW
    assert crypto.decrypt(blob, HERE) == "石演示"


def test_a_rotation_before_the_first_key_makes_none(operator):
    assert rotate_master_key(by=operator, old=OLD, new=NEW) == 0
    assert DataKey.objects.count() == 0


@pytest.mark.parametrize(
    ("old", "new", "code"), [(NEW, b"O" * 32, "COR-001"), (OLD, OLD, "COR-011"), (OLD, b"", "COR-011")]
)
def test_a_rotation_that_cannot_be_changes_nothing(operator, old, new, code):
    blob = crypto.encrypt("石演示", HERE)
    before = list(DataKey.objects.order_by("number").values_list("number", "wrapped"))

    with pytest.raises(UserError) as refused:
        rotate_master_key(by=operator, old=old, new=new)
    assert refused.value.code == code
    assert list(DataKey.objects.order_by("number").values_list("number", "wrapped")) == before
    crypto.forget_keys()
    assert crypto.decrypt(blob, HERE) == "石演示"


def test_the_master_key_is_changed_by_command(settings, tmp_path, capsys):
    blob = crypto.encrypt("石演示", HERE)
    file = tmp_path / "new.key"
    with pytest.raises(UserError) as refused:
        call_command("keys", "rotate", "--new-key-file", str(file))
    assert refused.value.code == "COR-012"

    file.write_text(base64.b64encode(NEW).decode() + "\n")
    call_command("keys", "rotate", "--new-key-file", str(file))
    settings.LIKA_MASTER_KEY = NEW
    crypto.forget_keys()
    assert crypto.decrypt(blob, HERE) == "石演示"
    assert file.read_text().strip() not in capsys.readouterr().out


def test_only_who_may_rotates(operator):
    operator.permissions = frozenset()
    with pytest.raises(PermissionRefused):
        rotate_master_key(by=operator, old=OLD, new=NEW)


# The audit rows themselves


def test_an_audit_row_needs_the_transaction_of_its_change(operator):
    with pytest.raises(RuntimeError):
        audit.record(by=operator, action="x", change=audit.Change("x", "1"))
    assert AuditEntry.objects.count() == 0


def test_a_change_that_fails_leaves_no_audit_row(operator):
    with transaction.atomic():
        audit.record(by=operator, action="x", change=audit.Change("x", "1"))
        transaction.set_rollback(True)
    assert AuditEntry.objects.count() == 0


def test_values_of_one_audit_row_do_not_pass_for_those_of_another(operator):
    changes = [audit.Change("household", f"{number}", 621223, "", {"a": number}, {"a": -number}) for number in (1, 2)]
    with transaction.atomic():
        first, second = audit.record_many(by=operator, action="x", changes=changes)

    assert (audit.told(first), audit.told(second)) == (({"a": 1}, {"a": -1}), ({"a": 2}, {"a": -2}))
    for old, new in ((second.old, first.new), (first.new, first.old)):
        AuditEntry.objects.filter(pk=first.pk).update(old=old, new=new)
        with pytest.raises(UserError) as refused:
            audit.told(AuditEntry.objects.get(pk=first.pk))
        assert refused.value.code == "COR-002"


def test_an_audit_row_keeps_old_and_new_sealed_and_its_hash_survives_the_database(operator):
    with transaction.atomic():
        audit.record(
            by=operator,
            action="household.changed",
            change=audit.Change("household", "1", 621223, "A1", {"phone": "13800001111"}, {"phone": None}),
            reason="核实",
        )
    entry = AuditEntry.objects.get()

    assert audit.told(entry) == ({"phone": "13800001111"}, {"phone": None})
    assert audit.content_hash(entry) == bytes(entry.content_hash)
    assert b"1380000" not in bytes(entry.old)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM core_auditentry")
        assert cursor.fetchall() == [(False,)]
