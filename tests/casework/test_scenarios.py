"""Every procedure that ships, from its first stage to its last: each step, by whom, with what effect. 演示数据"""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from lika.casework.choices import CampaignKind, CaseState
from lika.casework.models import Batch
from lika.policy.packs.library import Library
from lika.register.choices import PoorAreaStatus, PovertyStatus
from lika.register.models import AreaStatus, Household, StatusEvent
from tests.casework.driving import course_of, loaded, started, walk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path: Path) -> None:
    """A data folder of the test's own, for the papers."""
    settings.LIKA = replace(settings.LIKA, data_dir=tmp_path)


JINGXI, GANSU = "cn-guangxi-jingxi/2014", "demo/cn-gansu-dangchang/2016"
IN_JINGXI, IN_GANSU, IN_WUYI, IN_JILIN = "451081105200", "621223100201", "131122100201", "220524100201"
# A pack of a test fills in what the document leaves open.
HEAD = """\
id: {id}
version: "1"
title: {{zh: 演示：补齐公示天数, en: "Demonstration: days filled in"}}
jurisdiction: "{jurisdiction}"
valid: {{from: 2017-01-01, to: 2020-12-31}}
demo: true
document: {{alias: demo, zh: 演示数据, en: Demonstration data}}
extends: {base}@1
"""
DAYS = """\
- id: exit_notice_days
  zh: 退出公示天数
  en: Days that an exit hangs in public
  type: integer
  unit_shown: {{zh: 天, en: days}}
  clause: {{ref: {ref}, text: 演示}}
  basis: demo
  note: {{zh: 演示, en: Demonstration.}}
  override: true
  values:
    - {{from: 2017-01-01, value: 5}}
"""
SOURCES = (
    "# 条款去向\n\n| Clause | 内容 | Where |\n|---|---|---|\n| {ref} | 公示 | `parameters.yaml`: exit_notice_days |\n"
)


@dataclass(frozen=True)
class Scenario:
    """A procedure of a pack: what its campaign is, who the households are before and after, who acts stage by stage."""

    pack: str
    kind: CampaignKind
    place: str
    year: int
    course: str
    before: str = ""
    after: str = ""


SCENARIOS = {
    "jingxi identification": Scenario(
        JINGXI, CampaignKind.IDENTIFICATION, IN_JINGXI, 2014,
        """application village prepare, appraisal village prepare, verification village verify, first_notice village
        office, township_review township review, second_notice township office, county_review county review,
        announcement county approve, handbook village office, data_entry township office""",
        PovertyStatus.NONE, PovertyStatus.IDENTIFIED,
    ),
    "jingxi exit": Scenario(
        JINGXI, CampaignKind.REDUCTION, IN_JINGXI, 2014,
        """survey village prepare, appraisal village prepare, first_notice village office, township_review township
        review, second_notice township office, county_review county review, announcement county approve,
        system_marking township office""",
        PovertyStatus.PLANNED, PovertyStatus.EXITED,
    ),
    "jingxi return": Scenario(
        JINGXI, CampaignKind.RETURN, IN_JINGXI, 2014,
        """application village prepare, appraisal village prepare, verification village verify, first_notice village
        office, township_review township review, second_notice township office, county_review county review,
        announcement county approve""",
        PovertyStatus.EXITED, PovertyStatus.RETURNED,
    ),
    "jingxi removal": Scenario(
        JINGXI, CampaignKind.REMOVAL, IN_JINGXI, 2014,
        """proposal village prepare, appraisal village prepare, first_notice village office, township_review township
        review, second_notice township office, county_review county review, announcement county approve""",
        PovertyStatus.POOR, PovertyStatus.REMOVED,
    ),
    "jingxi village": Scenario(
        "demo/cn-guangxi-jingxi/2014", CampaignKind.VILLAGE_ENTRY, IN_JINGXI, 2014,
        """application village prepare, township_review township review, notice township office, county_approval
        county approve, announcement county approve""",
        PoorAreaStatus.NONE, PoorAreaStatus.POOR,
    ),
    "gansu household": Scenario(
        GANSU, CampaignKind.REDUCTION, IN_GANSU, 2016,
        """proposal village prepare, appraisal village prepare, verification village verify, consent village office,
        notice village office, village_signatures village office, township_signatures township office,
        county_signatures county office, prefecture_signatures prefecture office, evaluation prefecture office,
        announcement county approve""",
        PovertyStatus.PLANNED, PovertyStatus.EXITED,
    ),
    "wuyi household": Scenario(
        "cn-hebei-wuyi/2017", CampaignKind.REDUCTION, IN_WUYI, 2017,
        """appraisal village prepare, verification village verify, consent village office, notice village office,
        township_review township review, county_approval county approve, announcement county approve, data_update
        township office""",
        PovertyStatus.PLANNED, PovertyStatus.EXITED,
    ),
    "wuyi village": Scenario(
        "cn-hebei-wuyi/2017", CampaignKind.VILLAGE_EXIT, IN_WUYI, 2017,
        """proposal village prepare, township_review township review, notice township office, county_approval county
        approve, announcement county approve""",
        PoorAreaStatus.POOR, PoorAreaStatus.EXITED,
    ),
    "jilin household": Scenario(
        "cn-jilin/2017", CampaignKind.FULL_CHECK, IN_JILIN, 2017,
        """survey village prepare, first_check township review, notice township office, county_check county review,
        record county office""",
        PovertyStatus.EXITED, PovertyStatus.EXITED,
    ),
    "jilin village": Scenario(
        "cn-jilin/2017", CampaignKind.VILLAGE_CHECK, IN_JILIN, 2017,
        """survey village prepare, first_check township review, notice township office, county_review county review,
        prefecture_check prefecture review, record prefecture office""",
        PoorAreaStatus.EXITED, PoorAreaStatus.EXITED,
    ),
}  # fmt: skip
AREAS = {
    CampaignKind.VILLAGE_ENTRY, CampaignKind.VILLAGE_EXIT, CampaignKind.VILLAGE_CHECK
}  # fmt: skip
REFERENCES = {"cn-hebei-wuyi/2017": "000/5 §一(二)9", "cn-jilin/2017": "000/6 art 22"}


def pack_of(scenario: Scenario, root: Path) -> str:
    """The scenario's pack loaded; one whose days are open by a pack of the test that fills them in."""
    if scenario.pack not in REFERENCES:
        return loaded(scenario.pack)
    ref, own = REFERENCES[scenario.pack], f"test/{scenario.pack}"
    folder = root / own
    folder.mkdir(parents=True)
    base = Library.shipped().files(Library.shipped().folder(scenario.pack)).head
    assert base is not None
    head = HEAD.format(id=own, base=scenario.pack, jurisdiction=base.value.jurisdiction)
    (folder / "pack.yaml").write_text(head)
    (folder / "parameters.yaml").write_text(DAYS.format(ref=ref))
    (folder / "SOURCES.md").write_text(SOURCES.format(ref=ref))
    return loaded(own, root)


def wanted(scenario: Scenario) -> list[tuple[str, str, str]]:
    """The course as `course_of` tells it, from the words of the scenario."""
    stages = [each.split() for each in scenario.course.split(",")]
    first = stages[0][0]
    return [(first, "taken_in", "opener"), *((stage, "passed", f"{level} {duty}") for stage, level, duty in stages)]


@pytest.mark.parametrize("name", SCENARIOS)
def test_from_the_first_stage_to_the_last(name: str, tmp_path: Path):
    scenario = SCENARIOS[name]
    reference = pack_of(scenario, tmp_path)
    of_households = scenario.kind not in AREAS
    on = started(
        reference, scenario.kind, scenario.place, year=scenario.year,
        statuses=(scenario.before, scenario.before) if of_households else (),
        area_status="" if of_households else scenario.before,
    )  # fmt: skip
    stages = [stage.id for stage in on.procedure.stages]
    assert walk(on) == stages
    assert [course_of(case) for case in on.cases] == [wanted(scenario)] * (2 if of_households else 1)
    assert {(case.state, case.stage) for case in on.cases} == {(CaseState.DONE, stages[-1])}
    assert Batch.objects.count() == 1
    now = Household.objects.values_list("poverty_status", flat=True) if of_households else areas()
    assert set(now) == {scenario.after}
    assert decided() == ({case.number for case in on.cases} if scenario.before != scenario.after else set())


def areas() -> list[str]:
    return list(AreaStatus.objects.values_list("poor_area", flat=True))


def decided() -> set[str]:
    """The numbers of the cases on which a status rests."""
    return set(StatusEvent.objects.filter(decision_kind="case").values_list("decision_label", flat=True))
