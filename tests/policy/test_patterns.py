"""What is looked for across households, as packs declare it: loaded, refused with its place, valued by place."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings

from lika.core.areas import COUNTRY
from lika.policy import actions, patterns
from lika.policy.choices import Basis, Pattern
from lika.policy.packs.checking import check_folder
from lika.policy.packs.differences import differences
from lika.policy.packs.resolved import from_canonical
from tests.factories import make_actor
from tests.policy.conftest import WritePack

AT = dt.date(2016, 12, 31)
PATTERN = """
    - id: copied
      zh: 金额照抄
      en: Copied amounts
      looks_for: equal_shares
      parameters: {share: share, households: least}
      amounts: [wage]
      meaning: {zh: 金额相同。, en: Amounts are alike.}
      remedy: {zh: 请核实。, en: Look into it.}
      clause: {ref: T §1, text: 超过标准}
    """
PARAMETERS = """
    - id: line
      zh: 标准线
      en: Line
      type: decimal
      places: 2
      clause: {ref: T §1, text: 超过标准}
      values:
        - {from: 2016-01-01, value: 2736.10}
    - id: share
      zh: 占比
      en: Share
      type: decimal
      places: 2
      clause: {ref: T §1, text: 超过标准}
      values:
        - {from: 2016-06-01, value: 0.50}
    - id: least
      zh: 户数
      en: Households
      type: integer
      clause: {ref: T §1, text: 超过标准}
      values:
        - {from: 2016-01-01, value: 5}
    """
SOURCES = """
    | Clause | Content | Where |
    |---|---|---|
    | T §1 | 标准 | `criteria/household.yaml`: income; `parameters.yaml`: line, share, least; `patterns.yaml`: copied |
    """


@pytest.fixture
def pack(write_pack: WritePack) -> WritePack:
    """The small sound pack, with one pattern and its two parameters."""

    def build(**files: str) -> Path:
        return write_pack({"patterns.yaml": PATTERN, "parameters.yaml": PARAMETERS, "SOURCES.md": SOURCES, **files})

    return build


def test_the_national_library_holds_and_gives_no_number() -> None:
    report = check_folder(settings.LIKA.packs_dir / patterns.NATIONAL)
    assert [str(fault) for fault in report.faults] == []
    found = report.accepted()
    assert {item.basis for item in found.parameters} == {Basis.MISSING}
    assert {item.looks_for for item in found.patterns} == {*Pattern, None}
    assert [item.id for item in found.patterns if item.looks_for is None] == ["favoured"]


def test_the_overlay_of_the_demonstration_sets_every_number_and_says_so() -> None:
    found = check_folder(settings.LIKA.packs_dir / "demo/cn-leads").accepted()
    assert {item.basis for item in found.parameters} == {Basis.DEMO}
    assert all("演示" in item.note.zh for item in found.parameters if item.note)


def test_a_pattern_is_part_of_the_resolved_pack_and_of_its_hash(pack: WritePack) -> None:
    resolved = check_folder(pack()).accepted()
    assert [(item.id, item.origin, item.looks_for) for item in resolved.patterns] == [
        ("copied", "test/one@1", Pattern.EQUAL_SHARES)
    ]
    assert from_canonical(resolved.canonical) == resolved
    other = check_folder(pack(**{"patterns.yaml": PATTERN.replace("[wage]", "[wage, transfer_other]")})).accepted()
    assert other.sha256 != resolved.sha256
    assert [line.count("copied") for line in differences(resolved, other)] == [1]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("looks_for: equal_shares", "looks_for: gossip", "POL-011"),
        ("{share: share, households: least}", "{share: share}", "POL-054"),
        ("{share: share, households: least}", "{share: share, households: line}", "POL-055"),
        ("{share: share, households: least}", "{share: share, households: few}", "POL-055"),
        ("amounts: [wage]", "amounts: [road_distance]", "POL-056"),
        ("amounts: [wage]", "amounts: []", "POL-054"),
        ("      looks_for: equal_shares\n", "", "POL-014"),
    ],
)
def test_a_broken_pattern_is_refused(old: str, new: str, code: str, pack: WritePack) -> None:
    report = check_folder(pack(**{"patterns.yaml": PATTERN.replace(old, new)}))
    assert code in {fault.code for fault in report.faults if fault.spot.file == "patterns.yaml"}


@pytest.mark.django_db
def test_without_numbers_a_search_is_not_run_and_says_what_is_open() -> None:
    book = patterns.patterns_for(COUNTRY, AT)
    assert {sought.id for sought in book.running()} == {"same_person", "same_number", "same_household"}
    assert [said.en for said in book.patterns["empty"].lacking] == [
        "Months at home in the year from which a member counts as living there"
    ]
    assert (book.patterns["favoured"].runs, book.patterns["favoured"].lacking) == (False, ())


@pytest.mark.django_db
def test_a_narrower_pack_gives_the_numbers_from_their_day_on(pack: WritePack) -> None:
    province = make_actor("62", name="province")
    actions.activate(by=province, reference=actions.load(by=province, path=pack()).reference)
    here = patterns.patterns_for("621223", AT)
    assert here.patterns["copied"].values().keys() == {"share", "households"}
    assert (here.patterns["copied"].runs, here.packs[-1][0]) == (True, "test/one@1")
    assert not patterns.patterns_for("621223", dt.date(2016, 2, 1)).patterns["copied"].runs
    assert "copied" not in patterns.patterns_for("451025", AT).patterns
    found = patterns.find("copied")
    assert found is not None
    assert found.meaning.zh == "金额相同。"
