"""The page of data protection says of every personal column what it is for, how it lies and who sees it. 演示数据"""

import pytest
from django.utils import translation

from lika.accounts.choices import Role
from lika.console import data_protection
from lika.console.data_protection import TABLES, Column, Group, Section, guarded_models, label_of, sections
from tests.console.officials import signed_in

pytestmark = pytest.mark.django_db


def test_every_table_with_personal_columns_says_what_for_and_no_other_does() -> None:
    assert {model._meta.label for model, _columns in guarded_models()} == set(TABLES)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_personal_column_has_a_label_in_both_languages(language: str) -> None:
    with translation.override(language):
        missing = []
        for model, columns in guarded_models():
            for column in columns:
                try:
                    assert label_of(model, column)
                except KeyError:
                    missing.append(f"{model._meta.label}.{column}")
    assert missing == []


def test_who_sees_follows_from_the_declarations() -> None:
    with translation.override("en"):
        found = {
            (section.key, column.label): (column.sensitive, column.guard, column.seen)
            for section in sections()
            for column in section.columns
        }
    named = "Village officer, Township station, County office, Line department, Third-party evaluator, Auditor, Helper"
    assert found["register.Person", "Name"] == (
        False,
        "Row-level security",
        f"{named}: in their own area or as granted; others see it masked or not at all",
    )
    revealed = "Village officer, Township station, County office, Auditor"
    assert found["register.Household", "Telephone"] == (
        True,
        "Encrypted",
        f"{revealed}: one value at a time, in their own area, with a reason that the audit keeps",
    )
    assert found["register.Household", "Index of the telephone"] == (
        True,
        "Encrypted, or a keyed digest",
        "Nobody: the program alone",
    )
    assert found["register.Change", "Reason"] == (False, "Encrypted", found["register.Person", "Name"][2])
    assert found["accounts.User", "Digest of the password"][2] == "Nobody: the program alone"


def test_nothing_that_the_models_declare_is_left_out() -> None:
    declared = {model._meta.label: len(columns) for model, columns in guarded_models()}
    assert {section.key: len(section.columns) for section in sections()} == declared


def test_a_permission_given_to_another_role_shows_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    wider = {**data_protection.PERMISSIONS, Role.PROVINCE: frozenset({"register.reveal"})}
    monkeypatch.setattr(data_protection, "PERMISSIONS", wider)
    (household,) = [section for section in sections() if section.key == "register.Household"]
    (phone,) = [column for column in household.columns if column.label == "联系电话"]
    assert str(Role.PROVINCE.label) in phone.seen


@pytest.mark.parametrize("role", list(Role))
def test_the_page_is_open_to_everybody_who_signs_in(role: Role) -> None:
    page = signed_in(role).get("/help/data-protection/").content.decode()
    assert [
        word for word in ("户年度数据", "工资性收入", "无人：仅程序使用", "联系农户、兑付补助") if word not in page
    ] == []


def test_columns_that_are_alike_stand_in_one_line() -> None:
    same, other = (True, "Encrypted", "Nobody"), (False, "Row-level security", "Nobody")
    columns = [("Telephone", *same), ("Name", *other), ("Bank account", *same)]
    with translation.override("en"):
        section = Section("key", "title", "purpose", tuple(Column(*column) for column in columns))
        assert section.groups == [Group("Telephone, Bank account", *same), Group("Name", *other)]
