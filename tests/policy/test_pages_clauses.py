"""The pack page clause by clause, its values by date, its golden cases, and two packs side by side."""

import datetime as dt

import pytest

from lika.accounts.choices import Role
from lika.core.permissions import Permission
from lika.divisions.choices import Level
from lika.policy import actions, queries
from lika.policy.choices import Fate, Verdict
from lika.policy.packs.checking import read_pack
from lika.policy.packs.library import Library
from lika.policy.queries.comparing import Piece
from tests import factories as make
from tests.console.officials import signed_in
from tests.policy.conftest import FILES, WritePack

pytestmark = pytest.mark.django_db
DAY = dt.date(2016, 12, 31)


@pytest.fixture
def by():
    return make.make_actor("620000000000", permissions=[Permission.POLICY_MANAGE])


def shipped(pack_id: str):
    return read_pack(Library.shipped().folder(pack_id))


class TestClauses:
    def test_each_clause_of_the_document_stands_once_in_its_order(self):
        pack = shipped("cn-gansu/2016")
        read = queries.clause_lines(pack, queries.view(pack, at=DAY), at=DAY)
        assert read.problem is None
        assert [line.ref for line in read.lines] == [clause.ref for clause in pack.clauses]
        assert sum(len(line.criteria) for line in read.lines) == len(pack.criteria)
        assert sum(len(line.parameters) for line in read.lines) == len(pack.parameters)
        assert [line.ref for line in read.lines if line.waits] == ["001 ch10 §1-5"]

    def test_a_criterion_says_in_words_what_it_asks_and_what_it_reads(self):
        pack = shipped("cn-gansu/2016")
        lines = {line.ref: line for line in queries.clause_lines(pack, queries.view(pack, at=DAY), at=DAY).lines}
        exits = {line.item.id: line for line in lines["001 ch10 §1-6"].criteria}
        assert exits["no_large_debt"].words.zh == "大额借贷合计小于大额借贷起点（50,000.00元）"
        assert [said.zh for said in exits["education"].reads] == ["年龄", "是否失学辍学"]
        assert (exits["income_stable"].words, exits["income_stable"].reads) == (None, ())
        assert exits["exit"].reads == ()  # it names criteria, which read for themselves

    def test_a_pack_without_words_shows_what_its_items_cite(self, write_pack: WritePack):
        pack = read_pack(write_pack())
        (line,) = queries.clause_lines(pack, queries.view(pack, at=DAY), at=DAY).lines
        assert (line.ref, line.label, line.text, line.fate) == ("T §1", None, "超过标准", Fate.CARRIED)

    def test_the_page_lays_the_document_beside_what_is_done(self, by):
        actions.load(by=by, path=Library.shipped().folder("cn-gansu/2016"))
        actions.activate(by=by, reference="cn-gansu/2016")
        response = signed_in(Role.VILLAGE).get("/policy/cn-gansu/2016/")
        assert len(response.context["lines"]) == 38
        assert [item.id for item in response.context["waiting"]][:2] == ["income_stable", "village_infrastructure"]
        page = response.content.decode()
        assert page.count('class="clause-row" id=') == 38
        tried = [item for item in response.context["pack"].criteria if item.unit == "household" and item.expression]
        assert page.count("在某户上试算") == len(tried) == 24


class TestValues:
    def test_each_value_has_its_days_its_clause_and_the_level_that_set_it(self, write_pack: WritePack):
        pack = read_pack(write_pack())
        values = queries.dated_values(pack, queries.view(pack, at=DAY).parameters)
        assert [
            (value.since, value.until, value.shown.zh, value.clause_ref, value.level, value.allowed, value.first)
            for value in values
        ] == [
            (dt.date(2016, 1, 1), dt.date(2016, 12, 31), "2,736.10元", "T §1", Level.PROVINCE, (), True),
            (dt.date(2017, 1, 1), dt.date(2020, 12, 31), "3,000.00元", "T §1", Level.PROVINCE, (), False),
        ]

    def test_who_may_set_a_value_lower_down_and_how_far(self, write_pack: WritePack):
        text = FILES["parameters.yaml"].replace(
            "          values:",
            "          local: {levels: [county, township], least: 2000, most: 4000}\n          values:",
        )
        pack = read_pack(write_pack({"parameters.yaml": text}))
        first = queries.dated_values(pack, queries.view(pack, at=DAY).parameters)[0]
        assert (first.allowed, first.least, first.most) == ((Level.COUNTY, Level.TOWNSHIP), "2000", "4000")

    def test_a_parameter_without_basis_waits(self):
        pack = shipped("cn-gansu/2016")
        values = queries.dated_values(pack, queries.view(pack, at=DAY).parameters)
        assert [(value.parameter.id, value.since) for value in values if value.shown is None] == [
            ("exit_line", dt.date(2016, 1, 1)),
            ("exit_notice_days", dt.date(2016, 1, 1)),
        ]


class TestCases:
    def test_coverage_counts_verdicts_and_cases_on_the_line(self, write_pack: WritePack):
        (line,) = queries.coverage_of(read_pack(write_pack()))
        assert (line.met, line.not_met, line.unknown, line.on_line, line.cases) == (1, 1, 1, 1, 3)
        assert line.lacking == ()

    def test_a_criterion_without_a_kind_of_case_is_marked(self, write_pack: WritePack):
        pack = read_pack(write_pack())
        fewer = pack.model_copy(update={"cases": pack.cases[:1], "version": "9"})
        (line,) = queries.coverage_of(fewer)
        assert (line.met, line.on_line, line.lacking) == (1, 0, (Verdict.NOT_MET, Verdict.UNKNOWN))

    def test_the_cases_of_the_pack_below_count_for_what_was_taken_over(self, by, write_pack, overlay):
        actions.load(by=by, path=write_pack())
        row = actions.load(by=by, path=overlay())
        (line,) = queries.coverage_of(row.pack())
        assert (line.cases, line.lacking) == (3, ())

    def test_the_page_shows_them(self, by, write_pack):
        actions.load(by=by, path=write_pack())
        response = signed_in(Role.COUNTY).get("/policy/test/one/", {"version": "1", "show": "cases"})
        assert [line.id for line in response.context["coverage"]] == ["income"]
        assert "每个条件都有符合、不符合、无法判定的样例" in response.content.decode()


class TestCompare:
    @pytest.fixture
    def two(self, by, write_pack: WritePack):
        actions.load(by=by, path=write_pack())
        files = {
            "pack.yaml": FILES["pack.yaml"].replace('version: "1"', 'version: "2"'),
            "criteria/more.yaml": FILES["criteria/household.yaml"]
            .replace("id: income", "id: fed")
            .replace("net_income_per_capita > param.line", "food_secure"),
            "SOURCES.md": FILES["SOURCES.md"].replace(
                "`criteria/household.yaml`: income", "`criteria/household.yaml`: income; `criteria/more.yaml`: fed"
            ),
        }
        files["criteria/household.yaml"] = FILES["criteria/household.yaml"].replace(
            "net_income_per_capita > param.line", "net_income_per_capita > param.line + 1"
        )
        return read_pack(write_pack()), read_pack(write_pack(files, folder="test/one"))

    def test_what_differs_is_told_with_the_difference_in_the_expression(self, two):
        one, other = two
        found = queries.compare(one, DAY, other, dt.date(2017, 1, 1))
        (line,) = found.parameters
        assert (line.before.shown.zh, line.after.shown.zh) == ("2,736.10元", "3,000.00元")
        added, changed = sorted(found.criteria, key=lambda pair: pair.before is not None)
        assert (added.id, added.before, added.after.pieces) == ("fed", None, (Piece("food_secure", changed=False),))
        assert changed.before.pieces == (Piece("net_income_per_capita > param.line", changed=False),)
        assert changed.after.pieces == (
            Piece("net_income_per_capita > param.line", changed=False),
            Piece(" + 1", changed=True),
        )
        assert (found.same_parameters, found.same_criteria, found.alike) == (0, 0, False)

    def test_what_else_differs_is_told_in_the_readers_words(self):
        found = queries.compare(shipped("cn-gansu/2016"), DAY, shipped("demo/cn-gansu-dangchang/2016"), DAY)
        line = next(pair for pair in found.parameters if pair.id == "exit_line")
        assert (line.before.shown, line.after.shown.zh) == (None, "2,952.00元/人")
        assert line.details[0] == "依据：待补充依据 → 演示设定"
        stable = next(pair for pair in found.criteria if pair.id == "income_stable")
        assert [text.partition("：")[0] for text in stable.details] == ["名称", "依据", "说明"]
        assert [piece.changed for piece in stable.after.pieces] == [False]

    def test_a_pack_is_alike_with_itself_and_differs_from_itself_on_another_day(self, two):
        one, _other = two
        assert queries.compare(one, DAY, one, DAY).alike
        assert [pair.id for pair in queries.compare(one, DAY, one, dt.date(2017, 1, 1)).parameters] == ["line"]

    def test_the_page_asks_which_and_shows_both(self, by, write_pack):
        actions.load(by=by, path=write_pack())
        client = signed_in(Role.COUNTY)
        assert client.get("/policy/compare/").context["comparison"] is None
        asked = {"one": "test/one@1", "other": "test/one@1", "one_on": "2016-05-01", "other_on": "2017-05-01"}
        response = client.get("/policy/compare/", asked)
        assert [pair.id for pair in response.context["comparison"].parameters] == ["line"]
        page = response.content.decode()
        assert "2,736.10元" in page
        assert "3,000.00元" in page

    def test_a_pack_that_is_not_loaded_is_refused_by_the_form(self, by, write_pack):
        actions.load(by=by, path=write_pack())
        response = signed_in(Role.COUNTY).get("/policy/compare/", {"one": "test/one@1", "other": "test/none@1"})
        assert response.status_code == 200
        assert response.context["comparison"] is None
        assert list(response.context["form"].errors) == ["other"]


class TestRecords:
    """What a pack says of keeping the register stands beside its values."""

    def test_each_kind_of_change_and_each_account_is_told_with_its_clause(self):
        pack = shipped("cn/record")
        assert [(line.id, line.checked, line.evidence) for line in queries.change_lines(pack)] == [
            (item.id, item.checked, item.evidence) for item in pack.changes
        ]
        assert "away" in {line.id for line in queries.change_lines(pack) if not line.checked}
        jingxi = queries.account_lines(shipped("cn-guangxi-jingxi/2014"))
        assert len(jingxi) == len(shipped("cn-guangxi-jingxi/2014").accounts)
        grain = next(line for line in jingxi if line.id == "crops_grain")
        assert ([str(above) for above in grain.above], grain.clause_ref) == (
            ["生产经营性收入", "种植业收入"],
            "F R1 收支明细",
        )

    def test_they_stand_on_the_page_of_values(self, by):
        nation = make.make_actor("000000", permissions=[Permission.POLICY_MANAGE])
        row = actions.load(by=nation, path=Library.shipped().folder("cn/record"))
        client, asked = signed_in(Role.VILLAGE), {"version": row.version}
        answer = client.get("/policy/cn/record/", asked | {"show": "values"})
        assert answer.status_code == 200, answer.content.decode()[-3000:]
        page = answer.content.decode()
        told = ("台账变更", "成员外出（不减少成员）", "收支科目", "F C1 人员变更")
        assert [word for word in told if word not in page] == []
        assert 'id="accounts"' not in client.get("/policy/cn/record/", asked).content.decode()
