"""What a pack inherits, replaces and removes; one canonical text, one hash."""

import datetime as dt
from decimal import Decimal
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lika.policy.choices import Basis, ValueType
from lika.policy.packs.checking import check_folder, read_pack
from lika.policy.packs.differences import differences
from lika.policy.packs.resolved import ResolvedParameter, from_canonical, from_text, to_text
from tests.policy.conftest import FILES

pytestmark = pytest.mark.usefixtures("in_english")

LINE = """
    - id: line
      zh: 标准线
      en: Line
      type: decimal
      places: 2
      clause: {ref: T2 §1, text: 另定标准}
      override: true
      values:
        - {from: 2016-01-01, value: 3000}
    """
EXTENDS = "pack.yaml:7:10: "


def told(folder) -> list[str]:
    return [str(fault) for fault in check_folder(folder, with_cases=False).faults]


class TestExtending:
    def test_an_overlay_takes_over_what_it_does_not_name(self, write_pack, overlay):
        base, pack = read_pack(write_pack()), read_pack(overlay())
        assert pack.criteria == base.criteria
        assert pack.parameters == base.parameters
        assert (pack.reference, pack.base, pack.base_sha256) == ("test/two@1", "test/one@1", base.sha256)
        assert {item.origin for item in pack.criteria} == {"test/one@1"}

    def test_cases_stay_with_the_pack_that_brings_them(self, write_pack, overlay):
        assert [len(read_pack(write_pack()).cases), len(read_pack(overlay()).cases)] == [3, 0]

    def test_an_override_replaces_the_whole_item_and_names_its_origin(self, write_pack, overlay):
        write_pack()
        (line,) = read_pack(overlay({"parameters.yaml": LINE})).parameters
        assert (line.origin, line.value_at(dt.date(2018, 1, 1)), line.unit_shown) == (
            "test/two@1",
            Decimal("3000.00"),
            None,
        )

    def test_an_override_that_does_not_say_so_is_refused(self, write_pack, overlay):
        write_pack()
        assert told(overlay({"parameters.yaml": LINE.replace("      override: true\n", "")})) == [
            (
                "parameters.yaml:1:7: POL-034 The parameter line is inherited from test/one@1."
                " Expected: override: true with the clause that allows it, or another id."
            )
        ]

    def test_an_override_of_nothing_is_refused_with_the_nearest_id(self, write_pack, overlay):
        write_pack()
        assert told(overlay({"parameters.yaml": LINE.replace("id: line", "id: lines")})) == [
            "parameters.yaml:7:13: POL-033 override: true, but no parameter lines is inherited. Did you mean: line?"
        ]

    def test_an_override_without_clause_is_refused(self, write_pack, overlay):
        write_pack()
        text = "\n".join(line for line in LINE.split("\n") if "clause" not in line)
        assert told(overlay({"parameters.yaml": text})) == ["parameters.yaml:1:3: POL-008 The field clause is missing."]

    def test_an_override_keeps_the_unit(self, write_pack, overlay):
        write_pack()
        other = dedent(FILES["criteria/household.yaml"]).replace("unit: household", "unit: village")
        other = other.replace("net_income_per_capita > param.line", "hard_road") + "  override: true\n"
        assert told(overlay({"criteria/other.yaml": other})) == [
            "criteria/other.yaml:2:9: POL-035 income is about another unit than the inherited one. Expected: household."
        ]


class TestLocalValues:
    """A parameter may say which lower level sets its own value, and within what bounds."""

    @staticmethod
    def base(levels: str = "[county]") -> dict[str, str]:
        local = f"local: {{levels: {levels}, least: 2736.10, most: 4000}}"
        return {"parameters.yaml": dedent(FILES["parameters.yaml"]) + f"  {local}\n"}

    @staticmethod
    def county(value: str) -> dict[str, str]:
        return {"parameters.yaml": LINE.replace("value: 3000", f"value: {value}")}

    @pytest.mark.parametrize("value", ["2736.10", "4000"])
    def test_within_the_bounds(self, write_pack, overlay, value):
        base = read_pack(write_pack(self.base("[province]")))
        assert told(overlay(self.county(value))) == []
        assert from_canonical(base.canonical) == base

    @pytest.mark.parametrize("value", ["2736.09", "4000.01"])
    def test_outside_the_bounds(self, write_pack, overlay, value):
        write_pack(self.base("[province]"))
        assert told(overlay(self.county(value))) == [
            (
                "parameters.yaml:9:33: POL-039 The value of line lies outside what test/one@1 allows."
                " Expected: 2736.10 – 4000."
            )
        ]

    def test_at_another_level(self, write_pack, overlay):
        write_pack(self.base())
        assert told(overlay(self.county("3000"))) == [
            "parameters.yaml:1:7: POL-038 line may not be set at the level of this pack. Expected: county."
        ]


class TestRemoving:
    HEAD = "remove:\n  - {kind: criterion, id: income, reason: {zh: 不适用, en: Does not apply}}\n"

    def test_what_is_removed_is_gone_and_remembered_with_its_reason(self, write_pack, overlay):
        write_pack()
        pack = read_pack(overlay(head=self.HEAD))
        assert pack.criteria == ()
        assert [(item.id, item.reason.en, item.origin) for item in pack.removed] == [
            ("income", "Does not apply", "test/two@1")
        ]

    def test_a_reason_is_demanded(self, write_pack, overlay):
        write_pack()
        assert told(overlay(head="remove:\n  - {kind: criterion, id: income}\n")) == [
            "pack.yaml:11:5: POL-008 The field remove.0.reason is missing."
        ]

    def test_only_what_is_inherited_can_be_removed(self, write_pack, overlay):
        write_pack()
        assert told(overlay(head=self.HEAD.replace("id: income", "id: incom"))) == [
            "pack.yaml:11:27: POL-036 No criterion incom is inherited that could be removed. Did you mean: income?"
        ]

    def test_removing_what_others_need_is_refused(self, write_pack, overlay):
        write_pack()
        (fault,) = told(overlay(head=self.HEAD.replace("criterion, id: income", "parameter, id: line")))
        assert fault.startswith(EXTENDS + "POL-037 The inherited criterion income no longer holds: ENG-021 ")


class TestBase:
    def test_the_version_is_exact(self, write_pack, overlay):
        write_pack({"pack.yaml": FILES["pack.yaml"].replace('"1"', '"2"')})
        assert told(overlay()) == [EXTENDS + "POL-030 There is no pack test/one@1 to extend. Did you mean: test/one@2?"]

    def test_a_missing_base_is_named(self, overlay):
        assert told(overlay()) == [EXTENDS + "POL-030 There is no pack test/one@1 to extend."]

    def test_a_base_at_fault_is_to_be_mended_first(self, write_pack, overlay):
        write_pack({"SOURCES.md": None})
        assert told(overlay()) == [EXTENDS + "POL-031 The pack test/one@1 has faults itself; check it first."]

    def test_a_circle_is_refused(self, write_pack, overlay):
        write_pack({"pack.yaml": FILES["pack.yaml"].replace("groups:", "extends: test/two@1\n        groups:")})
        assert told(overlay()) == [
            EXTENDS + "POL-032 Packs extend each other in a circle: test/two → test/one → test/two."
        ]

    def test_a_stored_version_comes_before_the_folder(self, write_pack, overlay):
        stored = read_pack(write_pack())
        write_pack({"parameters.yaml": FILES["parameters.yaml"].replace("2736.10", "1.00")})
        pack = read_pack(overlay(), stored={"test/one@1": stored}.get)
        assert pack.base_sha256 == stored.sha256
        assert pack.parameters == stored.parameters


class TestCanonicalText:
    def test_it_comes_back_as_the_same_pack(self, write_pack):
        pack = read_pack(write_pack())
        assert from_canonical(pack.canonical) == pack
        assert from_canonical(pack.canonical).sha256 == pack.sha256

    def test_the_hash_does_not_depend_on_how_files_are_typed(self, write_pack):
        plain = read_pack(write_pack()).sha256
        retyped = {
            "parameters.yaml": FILES["parameters.yaml"].replace("3000}", "3000.00}").replace("2736.10", "2736.1"),
            "pack.yaml": "# a comment\n" + dedent(FILES["pack.yaml"]).replace('version: "1"', "version: '1'"),
        }
        assert read_pack(write_pack(retyped)).sha256 == plain

    def test_the_hash_knows_every_rule(self, write_pack):
        changed = [
            {"parameters.yaml": FILES["parameters.yaml"].replace("2736.10", "2736.11")},
            {"criteria/household.yaml": FILES["criteria/household.yaml"].replace("> param", ">= param")},
            {"criteria/household.yaml": FILES["criteria/household.yaml"].replace("text: 超过标准", "text: 达到标准")},
            {"pack.yaml": FILES["pack.yaml"].replace("620000", "621223")},
        ]
        hashes = {read_pack(write_pack(files)).sha256 for files in [{}, *changed]}
        assert len(hashes) == len(changed) + 1

    def test_the_hash_of_a_known_pack_never_moves(self, write_pack):
        assert read_pack(write_pack()).sha256 == ("c0c2eb7bc3670f56b306865466c19c5863aa0f2639a27aa2aa08dd9d4f0c0c5e")


class TestParameterValues:
    def parameter(self, write_pack) -> ResolvedParameter:
        return read_pack(write_pack()).parameters[0]

    def test_a_value_counts_from_its_day_on(self, write_pack):
        parameter = self.parameter(write_pack)
        days = [
            dt.date(2015, 12, 31),
            dt.date(2016, 1, 1),
            dt.date(2016, 12, 31),
            dt.date(2017, 1, 1),
            dt.date(2030, 1, 1),
        ]
        assert [parameter.value_at(day) for day in days] == [
            None,
            Decimal("2736.10"),
            Decimal("2736.10"),
            Decimal("3000.00"),
            Decimal("3000.00"),
        ]

    @given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9))
    def test_decimals_keep_their_value_as_text(self, value):
        text = to_text(ValueType.DECIMAL, 2, value)
        assert from_text(ValueType.DECIMAL, text) == value

    @given(st.dates())
    def test_dates_keep_their_value_as_text(self, value):
        assert from_text(ValueType.DATE, to_text(ValueType.DATE, None, value)) == value

    @pytest.mark.parametrize(
        ("kind", "value"),
        [
            (ValueType.INTEGER, Decimal("3.00")),
            (ValueType.INTEGER, True),
            (ValueType.DECIMAL, "2736.10"),
            (ValueType.DECIMAL, Decimal("0.001")),
            (ValueType.BOOLEAN, 1),
            (ValueType.DATE, "2016-12-31"),
            (ValueType.CODE, 1),
        ],
    )
    def test_nothing_is_converted_or_rounded(self, kind, value):
        assert to_text(kind, 2, value) is None


class TestReach:
    @pytest.mark.parametrize(
        ("day", "valid"),
        [
            (dt.date(2015, 12, 31), False),
            (dt.date(2016, 1, 1), True),
            (dt.date(2020, 12, 31), True),
            (dt.date(2021, 1, 1), False),
        ],
    )
    def test_first_and_last_day_count(self, write_pack, day, valid):
        assert read_pack(write_pack()).is_valid_at(day) is valid

    @pytest.mark.parametrize(
        ("division", "covered"),
        [("620000000000", True), ("621223", True), ("621223100201", True), ("510000000000", False), ("63", False)],
    )
    def test_the_jurisdiction_covers_what_lies_in_it(self, write_pack, division, covered):
        assert read_pack(write_pack()).covers(division) is covered


def test_differences_are_told_in_words(write_pack, overlay):
    base = read_pack(write_pack())
    water = """
        - id: water
          unit: household
          zh: 饮水
          en: Water
          kind: exit
          order: 20
          expression: safe_water
          clause: {ref: T2 §2, text: 饮水}
        """
    changed = read_pack(overlay({"parameters.yaml": LINE, "criteria/more.yaml": water}, head=TestRemoving.HEAD))
    assert differences(base, base) == []
    assert differences(base, changed) == [
        "base: nothing → test/one@1",
        (
            "parameter line changed: clause: T §1 超过标准 → T2 §1 另定标准; unit_shown: yuan → nothing; "
            "values: 2736.10 from 2016-01-01, 3000.00 from 2017-01-01 → 3000.00 from 2016-01-01"
        ),
        "criterion water added: Water",
        "criterion income removed: Income",
    ]


def test_given_is_the_basis_of_what_says_nothing_else(write_pack):
    assert read_pack(write_pack()).criteria[0].basis is Basis.GIVEN
