"""An expression tried on a household: the working, the place of an error, and who may ask what of whom. 演示数据"""

import pytest
from django.test import Client

from lika.accounts.choices import Role
from lika.snapshots.models import Screening
from lika.snapshots.trying import Marked, marked
from tests import factories as make
from tests.console.officials import signed_in
from tests.snapshots.conftest import Register

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/screenings/try/"


def tried(client: Client, text: str, number: str, **more: str):
    return client.post(ADDRESS, {"text": text, "number": number, **more})


def root(response):
    (node,) = response.context["nodes"]
    return node


def code(response) -> str:
    return response.context["error"].code


class TestAnswers:
    def test_a_condition_is_worked_out_with_its_facts(self, screened: Screening, register: Register):
        response = tried(signed_in(Role.COUNTY), "人均纯收入 > param.line", register.rich.number)
        node = root(response)
        assert (node.result, node.title) == ("met", "人均纯收入为3,000.00元，应大于标准线（2,736.10元）：符合")
        assert response.context["tried"].at == make.AT
        assert "符合" in response.content.decode()

    @pytest.mark.parametrize(
        ("text", "household", "result"),
        [
            ("safe_water", "dry", "not_met"),
            ("net_income_per_capita > 0", "unknown", "unknown"),
            ("met('exit')", "rich", "met"),
            ("count(person, age >= 0) >= 0 and safe_water", "dry", "not_met"),
        ],
    )
    def test_met_not_met_and_unknown(
        self, screened: Screening, register: Register, text: str, household: str, result: str
    ):
        assert root(tried(signed_in(Role.COUNTY), text, getattr(register, household).number)).result == result

    def test_a_number_is_answered_as_a_number(self, screened: Screening, register: Register):
        node = root(tried(signed_in(Role.COUNTY), "net_income_per_capita + 1", register.rich.number))
        assert (node.result, node.title) == ("", "人均纯收入+1：3,001.00元")
        (below,) = node.children
        assert below.title == "人均纯收入=纯收入÷家庭人口：3,000.00元"
        assert below.facts == ("纯收入 9,000.00元", "家庭人口 3人")

    def test_a_published_criterion_can_be_taken_up(self, screened: Screening):
        response = signed_in(Role.COUNTY).get(ADDRESS, {"pack": "test/exit", "criterion": "income"})
        assert response.context["form"].initial["text"] == "net_income_per_capita > param.line"
        assert signed_in(Role.COUNTY).get(ADDRESS, {"criterion": "none"}).context["form"].initial["text"] == ""


class TestRefusals:
    def test_an_error_is_shown_at_its_place(self, screened: Screening, register: Register):
        response = tried(signed_in(Role.COUNTY), "safe_water and\nno_such_fact > 1", register.rich.number)
        assert code(response) == "ENG-020"
        assert response.context["marked"] == Marked("safe_water and\n", "no_such_fact", " > 1", 2, 1)
        assert "<mark>no_such_fact</mark>" in response.content.decode()

    def test_an_expression_that_ends_too_early_is_marked_at_its_end(self):
        assert marked("1 +", 1, 4) == Marked("1 +", "", "", 1, 4)

    def test_a_household_out_of_sight_is_as_one_that_is_not(self, screened: Screening, register: Register):
        client = signed_in(Role.VILLAGE)
        assert code(tried(client, "safe_water", register.unknown.number)) == "SCR-040"
        assert code(tried(client, "safe_water", "no such number")) == "SCR-040"
        assert root(tried(client, "safe_water", register.dry.number)).result == "not_met"

    def test_a_household_recorded_since_is_not_in_the_snapshot(self, screened: Screening):
        late = make.make_household(members=1)
        assert code(tried(signed_in(Role.COUNTY), "safe_water", late.number)) == "SCR-023"

    def test_whoever_may_not_see_personal_facts_cannot_ask_for_them_bit_by_bit(
        self, screened: Screening, register: Register
    ):
        client = signed_in(Role.PREFECTURE)
        assert code(tried(client, "net_income > 8000", register.rich.number)) == "SCR-041"
        assert code(tried(client, "met('income')", register.rich.number)) == "SCR-041"

    @pytest.mark.parametrize("role", [Role.HELPER, Role.EVALUATOR, Role.ADMINISTRATOR])
    def test_without_the_right_to_screenings_there_is_no_page(self, role: Role):
        assert signed_in(role).get(ADDRESS).status_code == 403
        assert tried(signed_in(role), "safe_water", "1").status_code == 403

    def test_too_long_a_text_is_refused_by_the_form(self, screened: Screening, register: Register):
        response = tried(signed_in(Role.COUNTY), "1 " * 600, register.rich.number)
        assert list(response.context["form"].errors) == ["text"]
        assert "nodes" not in response.context

    def test_before_any_snapshot_the_page_says_so(self):
        assert signed_in(Role.COUNTY).get(ADDRESS).context["nothing"].code == "REP-010"

    def test_a_post_without_its_token_is_refused(self, screened: Screening, register: Register):
        client = Client(enforce_csrf_checks=True)
        client.cookies = signed_in(Role.COUNTY).cookies
        assert tried(client, "safe_water", register.rich.number).status_code == 403


def test_nothing_personal_stands_in_an_address(screened: Screening, register: Register):
    page = tried(signed_in(Role.COUNTY), "safe_water", register.dry.number).content.decode()
    assert '<form class="try-form" method="post" action="/screenings/try/#answer">' in page
    assert f"={register.dry.number}" not in page
