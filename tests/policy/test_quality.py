"""Rules of quality in packs: loaded, refused with their place, resolved by place, held against a unit."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings

from lika.core.areas import COUNTRY
from lika.policy import actions, quality
from lika.policy.choices import Dimension, Severity
from lika.policy.packs.checking import check_folder
from lika.policy.packs.resolved import from_canonical
from tests.factories import make_actor
from tests.policy.conftest import WritePack

AT = dt.date(2016, 12, 31)
RULE = """
    - id: wage_known
      zh: 工资已填
      en: Wages are known
      unit: household
      dimension: completeness
      severity: error
      field: wage
      message: {zh: 工资为空。, en: The wages are missing.}
      remedy: {zh: 请补填。, en: Fill them in.}
      clause: {ref: T §1, text: 超过标准}
      never: [unknown]
      expression: is_known(wage)
    """
CASES = """
    - id: told
      zh: 已填
      en: Told
      unit: household
      at: 2016-12-31
      facts: {household: {wage: 0}}
      expect: {wage_known: met}
    - id: untold
      zh: 未填
      en: Untold
      unit: household
      at: 2016-12-31
      facts: {household: {}}
      expect: {wage_known: not met}
    """
SOURCES = """
    | Clause | Content | Where |
    |---|---|---|
    | T §1 | 标准 | `criteria/household.yaml`: income; `parameters.yaml`: line; `quality/wages.yaml`: wage_known |
    """


@pytest.fixture
def pack(write_pack: WritePack) -> WritePack:
    """The small sound pack, with one rule of quality and its cases."""

    def build(**files: str) -> Path:
        return write_pack({"quality/wages.yaml": RULE, "cases/wages.yaml": CASES, "SOURCES.md": SOURCES, **files})

    return build


def test_the_national_library_holds_and_every_rule_has_its_cases() -> None:
    report = check_folder(settings.LIKA.packs_dir / quality.NATIONAL)
    assert [str(fault) for fault in report.faults] == []
    rules = report.accepted().quality
    assert {rule.severity for rule in rules if rule.id in ("birth_possible", "one_head")} == {Severity.ERROR}
    assert {rule.dimension for rule in rules} == set(Dimension)
    assert (len(rules), len({rule.id for rule in rules})) == (45, 45)


def test_a_rule_is_part_of_the_resolved_pack_and_of_its_hash(pack: WritePack) -> None:
    resolved = check_folder(pack()).accepted()
    assert [(rule.id, rule.origin, rule.field_unit) for rule in resolved.quality] == [
        ("wage_known", "test/one@1", "household")
    ]
    assert from_canonical(resolved.canonical) == resolved
    softer = check_folder(pack(**{"quality/wages.yaml": RULE.replace("error", "warning")})).accepted()
    assert softer.sha256 != resolved.sha256


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("is_known(wage)", "is_known(wages)", "ENG-020", 13),
        ("field: wage", "field: wages", "POL-029", 8),
        ("field: wage", "field: village.members", "POL-029", 8),
        ("severity: error", "severity: grave", "POL-011", 7),
        ("id: wage_known", "id: income", "POL-023", 2),
        ("never: [unknown]", "never: [met]", "POL-044", 12),
    ],
)
def test_a_broken_rule_is_refused_where_it_is_broken(old: str, new: str, code: str, line: int, pack: WritePack) -> None:
    report = check_folder(pack(**{"quality/wages.yaml": RULE.replace(old, new)}))
    spots = {(fault.code, fault.spot.file, fault.spot.line) for fault in report.faults}
    assert (code, "quality/wages.yaml", line - 1) in spots


def test_a_rule_without_a_case_for_each_verdict_is_refused(pack: WritePack) -> None:
    report = check_folder(pack(**{"cases/wages.yaml": CASES.split("- id: untold", maxsplit=1)[0]}))
    assert [fault.code for fault in report.faults] == ["POL-043"]


@pytest.mark.django_db
def test_the_library_rules_everywhere_and_a_loaded_pack_where_it_lies(pack: WritePack) -> None:
    everywhere = quality.rules_for(COUNTRY, AT)
    assert "wage_known" not in everywhere.rules
    row = actions.load(by=make_actor("62", name="province"), path=pack())
    assert quality.rules_for("621223", AT).rules.keys() == everywhere.rules.keys()
    actions.activate(by=make_actor("62", name="province"), reference=row.reference)
    assert quality.rules_for("621223", AT).rules.keys() - everywhere.rules.keys() == {"wage_known"}
    assert quality.rules_for("451025", AT).rules.keys() == everywhere.rules.keys()
    assert quality.rules_for("621223", dt.date(2021, 1, 1)).rules.keys() == everywhere.rules.keys()
    found = quality.find("wage_known")
    assert found is not None
    assert found.message.zh == "工资为空。"


@pytest.mark.django_db
def test_a_unit_is_told_what_it_breaks_errors_first_and_nothing_of_what_is_unknown() -> None:
    facts = {
        "household": {"wage": 12000, "transfer_dibao": 199, "dibao_listed": True, "main_cause": "01"},
        "person": [{"relation": "02", "sex": "1"}, {"relation": "02", "sex": "2"}],
    }
    found = quality.check("household", facts, division="621223100201", at=AT)
    assert [rule.id for rule in found] == ["one_head", "dibao_plausible", "income_known", "land_known", "living_known",
                                           "one_spouse"]  # fmt: skip
    assert [rule.blocks for rule in found] == [True, False, False, False, False, False]
