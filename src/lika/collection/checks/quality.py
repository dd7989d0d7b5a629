"""Warnings: what is possible but seldom right, so that somebody looks again (DOMAIN §8)."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from lika.collection.checks.runner import Check
from lika.register.actions.bulk import LEAVES
from lika.register.choices import HEAD

# ruff: noqa: S608 - statements are made of our own names; every value is a parameter or a staged column

_NUMBERS = Path(__file__).resolve().parents[1] / "quality.toml"
_ABLE = ("01", "02")  # CL-LABOUR: ordinary, skilled
_ILLNESS, _DISABILITY, _SCHOOLING, _WATER, _LABOUR = "01", "02", "03", "06", "08"  # CL-CAUSE


@cache
def numbers() -> dict[str, Any]:
    """The numbers of the warnings, from `quality.toml`."""
    return tomllib.loads(_NUMBERS.read_text(encoding="utf-8"))


def arguments() -> dict[str, Any]:
    """What the checks' placeholders stand for."""
    found = numbers()
    return {
        f"{group}_{bound}_{part}": list(found[group].get(bound, {}).keys() if part == "codes" else
                                        found[group].get(bound, {}).values())
        for group in ("education", "student")
        for bound in ("youngest", "oldest")
        for part in ("codes", "ages")
    } | {
        "labour_youngest": found["labour"]["youngest"],
        "labour_enough": found["labour"]["enough"],
        "head_youngest": found["head"]["youngest"],
    }  # fmt: skip


# Members of the file with their age at the end of the period, or today.
_MEMBERS = f"""
    WITH member AS (
        SELECT s.*, EXTRACT(YEAR FROM age(COALESCE(m.period_to, %(today)s), s.birth_date))::integer AS age
        FROM stage_person s JOIN match_person m USING (sheet_row)
        WHERE ({LEAVES}) IS NOT TRUE AND s.birth_date <= COALESCE(m.period_to, %(today)s)
    )
"""
_CAUSES = "(s.main_cause, s.other_cause_1, s.other_cause_2)"


def _cause(code: str, cause: str, contradiction: str) -> Check:
    """A cause in the households' rows of the members' data year that no member bears out.

    Asked only where the members' facts are known: what is unknown contradicts nothing.
    """
    return Check(
        code, "household_years", "main_cause",
        f"""WITH told AS (
                SELECT number, data_year,
                       bool_and(chronic_illness IS FALSE AND serious_illness IS FALSE) AS all_well,
                       bool_and(disabled IS FALSE) AS none_disabled,
                       bool_and(student_status = '01') AS none_at_school,
                       count(*) FILTER (WHERE labour IN {_ABLE}) AS able
                FROM stage_person s WHERE ({LEAVES}) IS NOT TRUE GROUP BY number, data_year)
            SELECT s.sheet_row, s.number FROM stage_household_year s
            LEFT JOIN told ON told.number = s.number AND told.data_year = s.data_year
            WHERE '{cause}' IN {_CAUSES} AND {contradiction} ORDER BY s.sheet_row""",
    )  # fmt: skip


def _age_range(code: str, column: str, group: str) -> Check:
    return Check(
        code, "persons", column,
        f"""{_MEMBERS}
            SELECT member.sheet_row, member.number, member.age FROM member
            LEFT JOIN unnest(%({group}_youngest_codes)s::text[], %({group}_youngest_ages)s::integer[])
                      AS youngest (code, age) ON youngest.code = member.{column}
            LEFT JOIN unnest(%({group}_oldest_codes)s::text[], %({group}_oldest_ages)s::integer[])
                      AS oldest (code, age) ON oldest.code = member.{column}
            WHERE member.age < youngest.age OR member.age > oldest.age ORDER BY 1""",
        param="age",
    )  # fmt: skip


def _member(code: str, column: str, condition: str, *, age: bool = False, needs: tuple[str, ...] = ()) -> Check:
    third = ", age" if age else ""
    return Check(
        code, "persons", column, f"{_MEMBERS} SELECT sheet_row, number{third} FROM member WHERE {condition} ORDER BY 1",
        param="age" if age else "", needs=needs,
    )  # fmt: skip


def _household_year(code: str, column: str, condition: str, needs: tuple[str, ...] = ()) -> Check:
    sql = f"SELECT sheet_row, number FROM stage_household_year s WHERE {condition} ORDER BY sheet_row"
    return Check(code, "household_years", column, sql, needs=needs)


_COMPUTED = (
    "wage + operating + property_dividend + property_other + transfer_family_planning + transfer_dibao"
    " + transfer_extreme + transfer_pension + transfer_eco + transfer_other - expense_operating"
)


def _checks() -> Iterator[Check]:
    yield _cause("COL-401", _ILLNESS, "told.all_well")
    yield _cause("COL-402", _DISABILITY, "told.none_disabled")
    yield _cause("COL-403", _SCHOOLING, "told.none_at_school")
    yield _cause("COL-404", _LABOUR, "told.able >= %(labour_enough)s")
    yield _cause("COL-405", _WATER, "s.safe_water AND NOT s.water_difficult")
    yield _household_year("COL-406", "net_income", f"net_income <> {_COMPUTED}", needs=("net_income",))
    yield _age_range("COL-409", "education", "education")
    yield _age_range("COL-410", "student_status", "student")
    yield from _couples()
    yield _member("COL-413", "labour", f"labour IN {_ABLE} AND age < %(labour_youngest)s", age=True)
    yield _member(
        "COL-414", "work_status", "(work_status IS NULL) <> (COALESCE(work_months, 0) = 0)",
        needs=("work_status", "work_months"),
    )  # fmt: skip
    yield _member("COL-415", "medical_employee", "medical_resident AND medical_employee")
    yield _household_year(
        "COL-416", "transfer_eco", "transfer_eco > 0 AND land_returned_forest = 0 AND COALESCE(land_forest, 0) = 0",
        needs=("transfer_eco", "land_returned_forest"),
    )  # fmt: skip
    yield _member(
        "COL-417", "disability_type", "disabled AND (disability_type IS NULL OR disability_grade IS NULL)",
        needs=("health", "disability_type", "disability_grade"),
    )  # fmt: skip
    yield _member("COL-418", "relation", f"relation = '{HEAD}' AND age < %(head_youngest)s", age=True)
    yield Check(
        "COL-419", "households", "bank_account",
        """SELECT sheet_row, number, first FROM (
               SELECT sheet_row, number, min(sheet_row) OVER (PARTITION BY bank_account_index) AS first
               FROM stage_household WHERE bank_account_index IS NOT NULL) AS shared
           WHERE sheet_row <> first ORDER BY sheet_row""",
        param="other",
    )  # fmt: skip
    yield _member("COL-421", "dropout_reason", "dropout_reason IS NOT NULL AND out_of_school = 'no'")
    yield _household_year("COL-422", "transfer_dibao", "transfer_dibao > 0 AND dibao_listed IS FALSE")
    yield _household_year(
        "COL-423", "other_cause_1",
        "main_cause IN (other_cause_1, other_cause_2) OR other_cause_1 = other_cause_2",
    )  # fmt: skip


def _couples() -> Iterator[Check]:
    yield Check(
        "COL-411", "persons", "relation",
        f"""{_MEMBERS} SELECT sheet_row, number, first FROM (
                SELECT sheet_row, number, min(sheet_row) OVER (PARTITION BY number) AS first
                FROM member WHERE relation = '02' AND number IS NOT NULL) AS spouses
            WHERE sheet_row <> first ORDER BY sheet_row""",
        param="other",
    )  # fmt: skip
    head = f"JOIN member head ON head.number = other.number AND head.relation = '{HEAD}'"
    yield Check(
        "COL-412", "persons", "sex",
        f"""{_MEMBERS} SELECT other.sheet_row, other.number FROM member other {head}
            WHERE other.relation = '02' AND other.sex = head.sex ORDER BY 1""",
    )  # fmt: skip
    yield Check(
        "COL-424", "persons", "relation",
        f"""{_MEMBERS} SELECT other.sheet_row, other.number FROM member other {head}
            WHERE (other.relation IN ('11', '12') AND other.birth_date >= head.birth_date)
               OR (other.relation IN ('03', '04') AND other.birth_date <= head.birth_date) ORDER BY 1""",
    )  # fmt: skip


CHECKS = tuple(_checks())
