"""Warnings that no rule of a pack can give: rows beside other rows, totals beside their parts (DOMAIN §8)."""

from collections.abc import Iterator

from lika.collection.checks.runner import Check

_COMPUTED = (
    "wage + operating + property_dividend + property_other + transfer_family_planning + transfer_dibao"
    " + transfer_extreme + transfer_pension + transfer_eco + transfer_other - expense_operating"
)


def _checks() -> Iterator[Check]:
    yield Check(
        "COL-406", "household_years", "net_income",
        f"""SELECT sheet_row, number FROM stage_household_year
            WHERE net_income <> {_COMPUTED} ORDER BY sheet_row""",  # noqa: S608 - our own columns
        needs=("net_income",),
    )  # fmt: skip
    yield Check(
        "COL-419", "households", "bank_account",
        """SELECT sheet_row, number, first FROM (
               SELECT sheet_row, number, min(sheet_row) OVER (PARTITION BY bank_account_index) AS first
               FROM stage_household WHERE bank_account_index IS NOT NULL) AS shared
           WHERE sheet_row <> first ORDER BY sheet_row""",
        param="other",
    )  # fmt: skip


CHECKS = tuple(_checks())
