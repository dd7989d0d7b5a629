"""一肩挑: what one post lets see is seen in its own area; the other post's area stays as that post sees it. 演示数据"""

import pytest
from django.test import Client

from lika.accounts.choices import Role
from lika.accounts.models import User
from lika.accounts.queries import actor_of
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.register.models import Household
from lika.snapshots import queries as snapshots
from lika.snapshots.models import Screening
from tests import factories as make
from tests.console.officials import also, official
from tests.console.taking import lines, take
from tests.snapshots.conftest import Register

pytestmark = pytest.mark.django_db
PREFECTURE = "621200000000"


def browser(user: User) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def homes() -> tuple[Household, Household]:
    """One household in the officer's village, one in another county of the prefecture."""
    own = make.make_household(number="A1", head="石甲", members=2, phone="13800001234", monitoring="1")
    far = make.make_household(make.ELSEWHERE, number="B1", head="马乙", members=1, phone="13800005678", monitoring="2")
    make.make_household_year(own, wage=24000, main_cause="01")
    make.make_household_year(far, wage=5000, main_cause="03")
    return own, far


@pytest.fixture
def officer(homes: tuple[Household, Household]) -> User:
    """Village officer (sees names) of one village and prefecture official (sees none) of all of them."""
    return also(official(Role.VILLAGE), Role.PREFECTURE, PREFECTURE)


class TestList:
    def test_names_are_read_in_the_village_and_masked_beyond_it(self, officer, homes):
        lines = browser(officer).get("/households/").context["lines"]
        assert [(line.number, line.head_name, line.in_full, line.main_cause) for line in lines] == [
            ("A1", "石甲", True, "因病"),
            ("B1", "马*", False, "无权查看"),
        ]

    def test_a_cause_narrows_the_list_where_causes_may_be_read(self, officer, homes):
        for cause, expected in (("01", ["A1"]), ("03", [])):
            lines = browser(officer).get("/households/", {"cause": cause}).context["lines"]
            assert [line.number for line in lines] == expected

    @pytest.mark.parametrize("sort", ["head", "-head", "income", "-income", "cause"])
    def test_the_order_tells_nothing_of_what_is_masked(self, officer, homes, sort):
        poorer = make.make_household(make.ELSEWHERE, number="B0", head="安丙", members=1)
        make.make_household_year(poorer, wage=1, main_cause="01")
        lines = browser(officer).get("/households/", {"sort": sort}).context["lines"]
        assert [line.number for line in lines] == ["A1", "B0", "B1"]  # the masked ones by number, whatever they hold

    @pytest.mark.parametrize(
        ("text", "expected"), [("石", {"A1", "A2"}), ("马乙", set()), ("my", set()), ("B2", set())]
    )
    def test_a_name_is_found_where_names_may_be_read(self, officer, homes, text, expected):
        make.make_household(number="A2", head="石丁", members=1)
        make.make_household(make.ELSEWHERE, number="B12", head="马乙", members=1)
        response = browser(officer).post("/households/search/", {"text": text})
        assert {line.hit.number for group in response.context["groups"] for line in group.lines} == expected

    def test_a_number_in_full_is_found_where_names_are_masked(self, officer, homes):
        response = browser(officer).post("/households/search/", {"text": homes[1].number})
        assert response["Location"] == f"/households/{homes[1].id}/"

    def test_the_filter_by_cause_is_offered_where_it_can_find_something(self, officer, homes):
        client = browser(officer)
        offered = [
            "cause" in client.get("/households/", {"division": code}).context["form"].fields
            for code in (make.VILLAGE, make.ELSEWHERE)
        ]
        assert offered == [True, False]


class TestPage:
    def test_a_page_is_whole_in_the_village_and_masked_beyond_it(self, officer, homes):
        client = browser(officer)
        own, far = (client.get(f"/households/{home.id}/").context["household"] for home in homes)
        assert (own.in_full, own.head, own.monitoring_status, own.phone) == (True, "石甲", "1", "138****1234")
        assert (far.in_full, far.head, far.monitoring_status, far.phone) == (False, "马*", "", "")
        assert [year.values for year in far.years] == [{}]

    def test_values_are_revealed_in_the_village_alone(self, officer, homes):
        client = browser(officer)
        asked = {"what": "phone", "reason": "核实"}
        own, far = (client.post(f"/households/{home.id}/reveal/", asked) for home in homes)
        assert (own.status_code, "13800001234" in own.content.decode()) == (200, True)
        assert (far.status_code, "ACC-002" in far.content.decode(), "13800005678" in far.content.decode()) == (
            403, True, False,
        )  # fmt: skip
        assert AuditEntry.objects.filter(action="household.revealed").count() == 1
        assert [client.get(f"/households/{home.id}/").context["may_reveal"] for home in homes] == [True, False]

    def test_what_is_granted_is_seen_and_never_revealed(self, homes):
        """A village officer who is also helper of a household elsewhere reads its names, as helpers do."""
        user = also(official(Role.VILLAGE, households=[homes[1]]), Role.HELPER, make.COUNTY)
        client = browser(user)
        page = client.get(f"/households/{homes[1].id}/")
        assert (page.context["household"].head, page.context["may_reveal"]) == ("马乙", False)
        response = client.post(f"/households/{homes[1].id}/reveal/", {"what": "phone", "reason": "核实"})
        assert (response.status_code, "13800005678" in response.content.decode()) == (403, False)


class TestExport:
    def test_the_file_is_masked_as_the_screen_is(self, officer, homes):
        rows = lines(take(browser(officer), "households", personal="yes", reason="核对"))
        assert [(row[1], row[0], row[5], row[6]) for row in rows] == [
            ("A1", "石甲", "因病", "12000.00"),
            ("B1", "马*", "无权查看", ""),
        ]


class TestSight:
    def test_a_permission_is_seen_where_its_post_stands_and_in_what_is_granted(self):
        user = also(official(Role.VILLAGE, villages=[make.OTHER_VILLAGE]), Role.EVALUATOR, make.COUNTY)
        actor = actor_of(user)
        own, granted = int(make.VILLAGE), int(make.OTHER_VILLAGE)
        seen = {permission: {v for v in (own, granted) if v in actor.sees(permission)} for permission in Permission}
        assert {permission: places for permission, places in seen.items() if places} == {
            Permission.REGISTER_VIEW: {own, granted},
            Permission.REGISTER_PERSONAL: {own, granted},
            Permission.POLICY_VIEW: {own, granted},
            Permission.DIVISIONS_VIEW: {own, granted},
            Permission.SCREENING_VIEW: {own},
            Permission.REGISTER_REVEAL: {own},
            Permission.REGISTER_IMPORT: {own},
            Permission.REGISTER_CHANGE: {own},
            Permission.QUALITY_VIEW: {own},
            Permission.QUALITY_MEND: {own},
            Permission.DUTIES_VIEW: {own},
            Permission.REQUESTS_VIEW: {own},
            Permission.REQUESTS_REPLY: {own},
            Permission.ROUND_VIEW: {own},
            Permission.SURVEYS_VIEW: {own},
            Permission.SURVEYS_MARK: {own},
            Permission.CASEWORK_VIEW: {own},
            Permission.CASE_VILLAGE: {own},
            Permission.PAIRING_VIEW: {own},
            Permission.PAIRING_PROPOSE: {own},
            Permission.CASE_SIGN: {own},
        }

    def test_a_grant_is_read_as_the_posts_by_grant_let_else_as_any_post_lets(self):
        """A prefecture official reads no names in a village granted to them; who is evaluator besides, does."""
        alone = official(Role.PREFECTURE, "621100000000", villages=[make.VILLAGE])
        both = also(official(Role.PREFECTURE, "621100000000", villages=[make.VILLAGE]), Role.EVALUATOR, make.COUNTY)
        named = [int(make.VILLAGE) in actor_of(user).sees(Permission.REGISTER_PERSONAL) for user in (alone, both)]
        screened = [int(make.VILLAGE) in actor_of(user).sees(Permission.SCREENING_VIEW) for user in (alone, both)]
        assert (named, screened) == ([False, True], [True, False])


@pytest.mark.django_db(transaction=True)
class TestScreening:
    def test_persons_are_named_and_explained_in_the_village_alone(self, screened: Screening, register: Register):
        user = also(official(Role.VILLAGE), Role.PREFECTURE, PREFECTURE)
        client = browser(user)
        asked = {"criterion": "adult", "result": "met", "division": make.COUNTY}
        lines = client.get(f"/screenings/{screened.pk}/units/", asked).context["lines"]
        assert sorted(line.name for line in lines) == sorted(
            ["富裕演示", "石演示一", "石演示二", "缺水演示", "未***", "石***", "新***"]
        )
        actor = actor_of(user)
        own, far = (
            snapshots.explain_criterion(actor, screened, home.id, "income").explanation
            for home in (register.rich, register.unknown)
        )
        assert ([fact.value for fact in own.facts] != [], own.answer, far.answer) == (True, True, None)
        assert (own.words.zh != own.source, far.words.zh) == (True, far.source)

    def test_results_are_seen_where_a_post_sees_results(self, screened: Screening, register: Register):
        """The evaluator's village is in the list of households; the results stay with the officer's post."""
        user = also(official(Role.VILLAGE, villages=[make.OTHER_VILLAGE]), Role.EVALUATOR, make.COUNTY)
        client = browser(user)
        lines = {line.number: line.verdict for line in client.get("/households/").context["lines"]}
        assert lines[register.rich.number] == "met"
        pages = [client.get(f"/households/{home.id}/").context for home in (register.rich, register.newcomer)]
        assert [(page["may_see_screening"], page["why"] is not None) for page in pages] == [
            (True, True),
            (False, False),
        ]
        assert lines[register.newcomer.number] == ""
