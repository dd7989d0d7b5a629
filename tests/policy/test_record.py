"""What packs say of changes and accounts: loaded, refused with its place, strict where none speaks."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from lika.core.areas import COUNTRY
from lika.policy import actions, record
from lika.policy.choices import CHANGE_KINDS, NATIONAL_ACCOUNTS
from lika.policy.packs.checking import check_folder
from lika.policy.packs.differences import differences
from lika.policy.packs.resolved import from_canonical
from lika.policy.ruling import shipped
from lika.register.choices import ChangeKind
from lika.register.models import HouseholdYear
from tests.factories import make_actor
from tests.policy.conftest import WritePack

AT = dt.date(2016, 12, 31)
VILLAGE, JINGXI = "621223100201", "451081200202"
SPLIT = """
    - id: split
      zh: 分户
      en: Split
      checked: true
      evidence: true
      clause: {ref: T §1, text: 超过标准}
    """
GRAIN = """
    - id: grain
      zh: 粮食
      en: Grain
      parent: crops
      clause: {ref: T §1, text: 超过标准}
    - id: crops
      zh: 种植业
      en: Crops
      parent: operating
      counted: false
      clause: {ref: T §1, text: 超过标准}
    """


def faults_of(folder: Path) -> list[tuple[str, str, int | None]]:
    return [(each.code, each.spot.file, each.spot.line) for each in check_folder(folder).faults]


def load(path: str | Path, reference: str) -> None:
    by = make_actor(COUNTRY)
    actions.load(by=by, path=path)
    actions.activate(by=by, reference=reference)


def with_sources(*rows: str) -> str:
    lines = "".join(f"| {row} |\n" for row in rows)
    return f"| Clause | Content | Where |\n|---|---|---|\n{lines}"


BOTH = with_sources("T §1 | 超过标准 | `parameters.yaml`: line; `criteria/household.yaml`: income; "
                    "`changes.yaml`: split; `accounts.yaml`: grain, crops")  # fmt: skip

WHOLE = {"changes.yaml": SPLIT, "accounts.yaml": GRAIN, "SOURCES.md": BOTH}


class TestForm:
    def test_what_is_sound_is_kept_whole_and_in_the_hash(self, write_pack: WritePack):
        pack = check_folder(write_pack(WHOLE)).accepted()
        assert from_canonical(pack.canonical) == pack
        assert ([item.id for item in pack.changes], [item.id for item in pack.accounts]) == (
            ["split"],
            ["grain", "crops"],
        )

    def test_a_pack_without_them_keeps_the_hash_that_it_had(self, write_pack: WritePack):
        text = check_folder(write_pack()).accepted().canonical
        assert ('"changes"' in text, '"accounts"' in text) == (False, False)

    @pytest.mark.parametrize(
        ("file", "before", "after", "code"),
        [
            ("changes.yaml", "id: split", "id: divorce", "POL-066"),
            ("changes.yaml", "checked: true", "checked: false", "POL-067"),
            ("accounts.yaml", "parent: operating", "parent: nowhere", "POL-068"),
            ("accounts.yaml", "parent: operating", "parent: grain", "POL-068"),
            ("accounts.yaml", "parent: operating\n", "\n", "POL-068"),
            ("accounts.yaml", "id: crops", "id: wage", "POL-069"),
        ],
    )
    def test_what_is_wrong_is_refused_with_its_place(self, write_pack: WritePack, file, before, after, code):
        given = dict(WHOLE)
        given[file] = given[file].replace(before, after)
        assert code in {found[0] for found in faults_of(write_pack(given)) if found[1] == file and found[2]}

    def test_the_national_library_speaks_of_every_kind_and_account(self):
        (pack,) = shipped(record.NATIONAL)
        assert tuple(item.id for item in pack.changes) == CHANGE_KINDS
        assert tuple(item.id for item in pack.accounts) == NATIONAL_ACCOUNTS

    def test_kinds_and_accounts_are_those_of_the_register(self):
        assert set(CHANGE_KINDS) == set(ChangeKind) - {ChangeKind.UNDO}
        assert set(NATIONAL_ACCOUNTS) <= {field.name for field in HouseholdYear._meta.concrete_fields}

    def test_what_changed_between_two_versions_is_told(self, write_pack: WritePack):
        old = check_folder(write_pack(WHOLE)).accepted()
        new = old.model_copy(
            update={"changes": (old.changes[0].model_copy(update={"evidence": False}),), "accounts": ()}
        )
        told = differences(old, new)
        assert [("split" in line, "grain" in line, "crops" in line) for line in told] == [
            (True, False, False), (False, True, False), (False, False, True),
        ]  # fmt: skip


@pytest.mark.django_db
class TestHolding:
    def test_a_second_person_checks_but_where_somebody_is_only_away(self):
        found = {kind: record.change_ruling(kind, VILLAGE, AT) for kind in CHANGE_KINDS}
        assert {kind: (each.checked, each.evidence, each.pack) for kind, each in found.items()} == {
            kind: (kind != "away", False, "cn/record@1") for kind in CHANGE_KINDS
        }

    def test_where_no_pack_speaks_a_second_person_checks(self, monkeypatch, tmp_path):
        monkeypatch.setattr(settings, "LIKA", replace(settings.LIKA, packs_dir=tmp_path))
        monkeypatch.setattr(record, "NATIONAL", "cn/none")
        assert record.change_ruling("away", VILLAGE, AT) == record.ChangeRuling(checked=True, evidence=False)
        assert record.change_ruling("undo", VILLAGE, AT) == record.STRICT
        assert dict(record.accounts_for(VILLAGE, AT).accounts) == {}

    def test_a_county_asks_for_evidence_in_a_pack_of_its_own(self, write_pack: WritePack):
        sources = BOTH.replace("; `accounts.yaml`: grain, crops", "")
        load(write_pack({"changes.yaml": SPLIT, "SOURCES.md": sources}), "test/one")
        asked = [
            record.change_ruling("split", place, day).evidence
            for place, day in [(VILLAGE, AT), (JINGXI, AT), (VILLAGE, dt.date(2021, 1, 1))]
        ]
        assert asked == [True, False, False]
        assert record.change_ruling("merge", VILLAGE, AT).evidence is False

    def test_the_demonstration_takes_the_place_of_the_library(self):
        assert record.accounts_for(VILLAGE, AT).change_share is None
        load(settings.LIKA.packs_dir / "demo/cn-record", "demo/cn-record")
        book = record.accounts_for(VILLAGE, AT)
        assert (book.change_share, book.is_demo) == (Decimal("0.30"), True)
        assert [record.change_ruling(kind, VILLAGE, AT).evidence for kind in ("split", "merge", "leave")] == [
            True, True, False,
        ]  # fmt: skip


@pytest.mark.django_db
class TestAccounts:
    def test_the_national_accounts_in_their_order(self):
        found = record.accounts_for(VILLAGE, AT).accounts
        assert [(each.id, each.national, each.depth, each.counted) for each in found.values()] == [
            (name, name, 0, None) for name in NATIONAL_ACCOUNTS
        ]

    def test_a_county_has_its_own_below_them(self, write_pack: WritePack):
        sources = BOTH.replace(" `changes.yaml`: split;", "")
        load(write_pack({"accounts.yaml": GRAIN, "SOURCES.md": sources}), "test/one")
        found = list(record.accounts_for(VILLAGE, AT).accounts.values())
        below = [(each.id, each.national, each.depth, each.counted) for each in found if each.national == "operating"]
        assert below == [
            ("operating", "operating", 0, None), ("crops", "operating", 1, False), ("grain", "operating", 2, False),
        ]  # fmt: skip
        assert "crops" not in record.accounts_for(JINGXI, AT).accounts

    def test_what_guangxi_counts_toward_a_stable_income(self):
        load(settings.LIKA.packs_dir / "cn-guangxi-jingxi/2014", "cn-guangxi-jingxi/2014")
        found = record.accounts_for("451025000000", dt.date(2015, 6, 1)).accounts
        counted = {each.id: each.counted for each in found.values() if each.counted is not None}
        assert [name for name, counts in counted.items() if counts] == [
            *("dibao_a", "dibao_b", "dibao_c", "disability_allowance", "farm_subsidy", "old_age", "reservoir"),
            "long_term_other",
        ]
        assert len([name for name, counts in counted.items() if not counts]) == 11
        assert (found["crops_grain"].national, found["crops_grain"].depth) == ("operating", 2)
