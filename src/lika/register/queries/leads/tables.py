"""What the searches work on: the members and households of an area as temporary tables, and addresses to compare.

Addresses and other documents are ciphertexts: few are opened, those that a search has already narrowed down to, and
what is kept of them for the comparison is their blind index.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from lika.core import crypto
from lika.core.errors import UserError
from lika.register.identity import check_identity, identity_index
from lika.register.models import Household, Person

OTHER_DOCUMENT = "09"
_NOISE = re.compile(r"[\s,，.。、;；:：#＃()（）-]+")

# How far the number of a member can be relied on: none, that of another document, of 15 digits, or sound.
_PERSONS = """
    CREATE TEMPORARY TABLE lead_person ON COMMIT DROP AS
    SELECT p.id AS person, m.household_id AS household, m.village, m.relation, p.name, p.pinyin,
           p.birth_date AS born, p.sex, p.id_index AS number, d.document, d.document <> 'sound' AS weak
    FROM register_membership m JOIN register_person p ON p.id = m.person_id
    CROSS JOIN LATERAL (SELECT CASE WHEN p.id_index IS NULL THEN 'none' WHEN p.id_type = %(other)s THEN 'other'
                                    WHEN octet_length(p.id_original) > 0 THEN 'old' ELSE 'sound' END AS document) d
    WHERE m.left_on IS NULL AND m.village BETWEEN %(low)s AND %(high)s
"""
# The signature is that of all members together; a household without members has none.
_HOMES = """
    CREATE TEMPORARY TABLE lead_home ON COMMIT DROP AS
    SELECT h.id AS household, h.village, h.phone_index AS phone, h.bank_account_index AS account,
           h.poverty_status NOT IN ('00', '90') AS registered, coalesce(m.members, 0) AS members,
           coalesce(m.weak, false) AS weak, m.signature
    FROM register_household h LEFT JOIN (
        SELECT household, count(*) AS members, bool_or(weak) AS weak,
               sha256(convert_to(string_agg(concat_ws('|', pinyin, born, sex), ';' ORDER BY pinyin, born, sex), 'UTF8'))
                   AS signature
        FROM lead_person GROUP BY household) m ON m.household = h.id
    WHERE h.closed_on IS NULL AND h.village BETWEEN %(low)s AND %(high)s
"""


_SEALED_ADDRESSES = """
    SELECT h.id, h.address FROM register_household h WHERE octet_length(h.address) > 0 AND h.id IN ({households})
      AND NOT EXISTS (SELECT 1 FROM lead_address a WHERE a.household = h.id)
"""
_MADE = (
    "found_lead, lead_person, lead_home, lead_address, lead_document, lead_twin, lead_number, lead_same_home, "
    "lead_parted, lead_elder, lead_namesake"
)


def clear(cursor: CursorWrapper) -> None:
    """Drop what an earlier search left in this transaction."""
    cursor.execute(f"DROP TABLE IF EXISTS {_MADE}")


def gather(cursor: CursorWrapper, values: dict[str, Any]) -> None:
    """Make `lead_person`, `lead_home`, and the empty `lead_address` and `lead_document`."""
    cursor.execute("SET LOCAL work_mem = '128MB'")
    cursor.execute(_PERSONS, values | {"other": OTHER_DOCUMENT})
    cursor.execute("ANALYZE lead_person")
    cursor.execute(_HOMES, values)
    cursor.execute("ANALYZE lead_home")
    cursor.execute("CREATE TEMPORARY TABLE lead_address (household uuid PRIMARY KEY, address bytea) ON COMMIT DROP")
    cursor.execute("CREATE TEMPORARY TABLE lead_document (person uuid, number bytea) ON COMMIT DROP")
    _fill(cursor, "lead_document (person, number)", _documents(cursor))


def open_addresses(cursor: CursorWrapper, households: str) -> None:
    """Put the addresses of the households that a query gives into `lead_address`; those known already are left."""
    cursor.execute(_SEALED_ADDRESSES.format(households=households))
    _fill(cursor, "lead_address (household, address)", _addresses(cursor.fetchall()))
    cursor.execute("ANALYZE lead_address")


def _addresses(rows: Iterable[tuple[UUID, bytes]]) -> Iterator[tuple[UUID, bytes]]:
    table = Household._meta.db_table
    for household, sealed in rows:
        text = crypto.decrypt(sealed, crypto.place(table, "address", household))
        plain = _NOISE.sub("", unicodedata.normalize("NFKC", text))
        if plain:
            yield household, crypto.blind_index(plain, "address")


def _documents(cursor: CursorWrapper) -> Iterator[tuple[UUID, bytes]]:
    """Persons whose other document is numbered as an identity card is, and the index that such a card would have."""
    cursor.execute(
        "SELECT p.id, p.id_number FROM lead_person l JOIN register_person p ON p.id = l.person "
        "WHERE l.document = 'other' AND octet_length(p.id_number) > 0"
    )
    table = Person._meta.db_table
    for person, sealed in cursor.fetchall():
        found = check_identity(crypto.decrypt(sealed, crypto.place(table, "id_number", person)))
        if not isinstance(found, UserError):
            yield person, identity_index(found.citizen_number)


def _fill(cursor: CursorWrapper, table: str, rows: Iterable[tuple[UUID, bytes]]) -> None:
    driver = cursor.cursor  # psycopg's own cursor: Django's wrapper has no COPY
    kept = list(rows)
    with driver.copy(f"COPY {table} FROM STDIN") as copy:
        for row in kept:
            copy.write_row(row)
