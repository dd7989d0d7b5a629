"""The pages of packs: what they show, to whom, and at what cost."""

import hashlib
import re

import pytest

from lika.accounts.choices import Role
from lika.core.permissions import Permission
from lika.policy import actions
from lika.policy.models import PackVersion
from lika.policy.packs.library import Library
from tests import factories as make
from tests.console.officials import signed_in
from tests.policy.conftest import FILES

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return make.make_actor("620000000000", permissions=[Permission.POLICY_MANAGE])


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_an_empty_list_says_what_to_do():
    page = text_of(signed_in(Role.COUNTY).get("/policy/"))
    assert "尚未加载政策包" in page
    assert "lika policy load cn-gansu/2016 --activate" in page


def test_the_list_shows_each_pack_once_with_its_active_version(by, write_pack):
    actions.load(by=by, path=write_pack())
    actions.activate(by=by, reference="test/one")
    actions.load(by=by, path=write_pack({"pack.yaml": FILES["pack.yaml"].replace('"1"', '"2"')}))
    response = signed_in(Role.COUNTY).get("/policy/")
    assert [(row.reference, place, rules) for row, place, rules in response.context["lines"]] == [
        ("test/one@1", "甘肃省", False)  # active, but its last day has passed
    ]
    assert "测试包" in text_of(response)


def test_the_list_costs_the_same_for_one_pack_and_for_three(by, write_pack, django_assert_num_queries):
    client = signed_in(Role.COUNTY)
    client.get("/policy/")
    counts = []
    for number in ("one", "three", "four"):
        files = {"pack.yaml": FILES["pack.yaml"].replace("test/one", f"test/{number}")}
        actions.load(by=by, path=write_pack(files, folder=f"test/{number}"))
        if number != "three":
            with django_assert_num_queries(7) as queries:
                client.get("/policy/")
            counts.append(len(queries))
    assert counts == [7, 7]


def test_a_pack_shows_clauses_and_marks_what_has_no_basis(by):
    make.make_division(make.COUNTY)
    actions.load(by=by, path=Library.shipped().folder("cn-gansu/2016"))
    actions.activate(by=by, reference="cn-gansu/2016")
    page = text_of(signed_in(Role.VILLAGE).get("/policy/cn-gansu/2016/"))
    assert "001 ch10 §1-6 贫困退出工作机制 贫困人口退出以户为单位，主要衡量标准是该户年人均纯收入稳定超过" in page
    assert "参数 当年省定退出验收标准 待补充依据 原文只说" in page
    assert "参数 大额借贷起点 50,000.00元" in page
    assert "退出 年人均纯收入稳定 待补充依据 原文要求" in page
    assert "人均纯收入大于当年省定退出验收标准（待补充依据） net_income_per_capita &gt; param.exit_line" in page
    assert "参数 贫困村退出的贫困发生率上限 3%" in page
    assert "001 ch10 §1-5 贫困县考核机制" in page
    assert "来源中没有 待补充依据 考核指标在" in page
    assert "演示：" not in page


def test_a_demonstration_pack_says_so_and_an_exact_version_can_be_asked(by):
    actions.load(by=by, path=Library.shipped().folder("demo/cn-gansu-dangchang/2016"))
    client = signed_in(Role.COUNTY)
    address = "/policy/demo/cn-gansu-dangchang/2016/"
    assert client.get(address).status_code == 404
    client.cookies["django_language"] = "en"
    page = text_of(client.get(address, {"version": "1"}))
    assert "Demonstration: criteria of exit for Dangchang county" in page
    assert "Set for demonstration" in page
    assert "Demonstration: over the line in two years running counts as stable" in page


def test_a_version_that_no_longer_fits_the_facts_is_still_shown_and_says_so(by, write_pack):
    row = actions.load(by=by, path=write_pack())
    # As if a later release had dropped the fact that this version reads.
    old = row.canonical.replace("net_income_per_capita", "income_of_old")
    PackVersion.objects.update(canonical=old, sha256=hashlib.sha256(old.encode()).hexdigest())
    page = text_of(signed_in(Role.COUNTY).get("/policy/test/one/", {"version": "1"}))
    assert "该版本与本系统现有指标不符，不能运行。 1:1: ENG-020 " in page
    assert "income_of_old &gt; param.line" in page


def test_an_unknown_pack_is_not_found():
    response = signed_in(Role.COUNTY).get("/policy/cn-nowhere/2016/")
    assert response.status_code == 404
    assert "POL-051" in text_of(response)


def test_signing_in_comes_first(client):
    response = client.get("/policy/")
    assert (response.status_code, response.url) == (302, "/accounts/login/?next=/policy/")
