"""Equal texts have unequal ciphertexts: where a staged value says what the register already holds, take its bytes.

After that, plain SQL can compare. Both sides are decrypted in memory and nothing is kept.
"""

# ruff: noqa: S608 - statements are made of our own names; every value is a parameter or a staged column

from django.db import connection

from lika.core import crypto

_HOUSEHOLD_FIELDS = ("address", "phone", "bank_account", "position")
_PERSON_FIELDS = ("id_number", "id_original")


def settle() -> None:
    """Give staged values that say the same as the register's the register's ciphertext."""
    for field in _HOUSEHOLD_FIELDS:
        _settle(
            "stage_household",
            field,
            f"""SELECT s.sheet_row, s.{field}, h.{field} FROM stage_household s
                JOIN stage_unit u ON u.number = s.number AND u.known
                JOIN register_household h ON h.id = u.household_id
                WHERE s.{field} IS NOT NULL AND length(h.{field}) > 0""",
        )
    for field in _PERSON_FIELDS:
        _settle(
            "stage_person",
            field,
            f"""SELECT s.sheet_row, s.{field}, r.{field} FROM stage_person s
                JOIN person_found f ON f.sheet_row = s.sheet_row AND f.known
                JOIN register_person r ON r.id = f.person_id
                WHERE s.{field} IS NOT NULL AND length(r.{field}) > 0""",
        )


def _settle(table: str, field: str, pairs: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(pairs)
        same = [(row, bytes(old)) for row, new, old in cursor.fetchall() if crypto.decrypt(new) == crypto.decrypt(old)]
        if same:
            cursor.execute(
                f"UPDATE {table} s SET {field} = same.value "
                "FROM unnest(%s::integer[], %s::bytea[]) AS same (sheet_row, value) WHERE same.sheet_row = s.sheet_row",
                [[row for row, _value in same], [value for _row, value in same]],
            )
