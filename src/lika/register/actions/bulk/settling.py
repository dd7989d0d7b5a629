"""Staged ciphertexts of households and persons that the register knows already.

Each was bound to the id that the door gave its row (`bound_to`). A known row has another id, so it is bound to that
one; and since equal texts have unequal ciphertexts, where it says what the register already holds, it takes the
register's bytes. After that, plain SQL can compare. Both sides are decrypted in memory and nothing is kept.
"""

# ruff: noqa: S608 - statements are made of our own names; every value is a parameter or a staged column

from django.db import connection

from lika.core import crypto
from lika.register.models import Household, Person

_HOUSEHOLDS, _PERSONS = Household._meta.db_table, Person._meta.db_table
_HOUSEHOLD_FIELDS = ("address", "phone", "bank_account", "position")
_PERSON_FIELDS = ("id_number", "id_original")


def settle() -> None:
    """Give the staged values of known rows the register's ciphertext where they say the same, else one of their own."""
    for field in _HOUSEHOLD_FIELDS:
        _settle(
            "stage_household",
            _HOUSEHOLDS,
            field,
            f"""SELECT s.sheet_row, s.bound_to, s.{field}, h.id, h.{field} FROM stage_household s
                JOIN stage_unit u ON u.number = s.number AND u.known
                JOIN {_HOUSEHOLDS} h ON h.id = u.household_id
                WHERE s.{field} IS NOT NULL""",
        )
    for field in _PERSON_FIELDS:
        _settle(
            "stage_person",
            _PERSONS,
            field,
            f"""SELECT s.sheet_row, s.bound_to, s.{field}, r.id, r.{field} FROM stage_person s
                JOIN person_found f ON f.sheet_row = s.sheet_row AND f.known
                JOIN {_PERSONS} r ON r.id = f.person_id
                WHERE s.{field} IS NOT NULL""",
        )


def _settle(stage: str, table: str, field: str, pairs: str) -> None:
    settled: list[tuple[int, bytes]] = []
    with connection.cursor() as cursor:
        cursor.execute(pairs)
        for row, bound_to, new, own, held in cursor.fetchall():
            at = crypto.place(table, field, own)
            text = crypto.decrypt(new, crypto.place(table, field, bound_to))
            same = len(held) > 0 and crypto.decrypt(held, at) == text
            settled.append((row, bytes(held) if same else crypto.encrypt(text, at)))
        if settled:
            cursor.execute(
                f"UPDATE {stage} s SET {field} = settled.value "
                "FROM unnest(%s::integer[], %s::bytea[]) AS settled (sheet_row, value) "
                "WHERE settled.sheet_row = s.sheet_row",
                [[row for row, _value in settled], [value for _row, value in settled]],
            )
