"""Who counts what: each in their own sight, lists by what they read, views shared without numbers. 演示数据"""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lika.accounts.choices import Role
from lika.accounts.models import Official, Post
from lika.core import audit
from lika.core.models import AuditEntry
from lika.reports.models import SavedView
from tests import factories as make
from tests.console.officials import official, signed_in
from tests.console.taking import lines, take
from tests.reports.asking import PAGE, rows, table, totals
from tests.reports.conftest import County
from tests.web_role import statements

pytestmark = pytest.mark.django_db

INCOME = "m=mean&v=net_income_per_capita"


def client_of(user) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


class TestSight:
    def test_a_village_counts_its_own(self, county: County):
        assert totals(signed_in(Role.VILLAGE), "r=village") == {"合计": 3, "石磊村": 3}

    def test_a_link_of_the_county_shows_a_village_its_own_part(self, county: County):
        query = f"r=village&d={make.COUNTY}"
        assert totals(signed_in(Role.COUNTY), query) == {"合计": 5, "石磊村": 3, "坡头村": 2}
        assert totals(signed_in(Role.VILLAGE, make.OTHER_VILLAGE), query) == {"合计": 2, "坡头村": 2}

    def test_a_division_out_of_sight_counts_nothing(self, county: County):
        response = signed_in(Role.VILLAGE).get(PAGE, {"r": "village", "d": make.OTHER_VILLAGE})
        assert (response.context["table"].whole.value, "没有可统计的对象" in response.content.decode()) == (0, True)

    def test_two_posts_count_both_places(self, county: County):
        user = official(Role.VILLAGE)
        Post.objects.create(
            official=Official.objects.get(user=user),
            role=Role.VILLAGE,
            division=make.make_division(make.OTHER_VILLAGE),
            valid_from=dt.date(2014, 1, 1),
        )
        assert totals(client_of(user), "r=village") == {"合计": 5, "石磊村": 3, "坡头村": 2}

    def test_a_helper_counts_the_households_granted_and_no_results(self, county: County):
        client = signed_in(Role.HELPER, households=[county.silent, county.pupil])
        assert totals(client, "r=village") == {"合计": 2, "石磊村": 1, "坡头村": 1}
        assert totals(client, f"r=village&d={make.VILLAGE}") == {"合计": 1, "石磊村": 1}
        refused = client.get(PAGE, {"r": "met.water"})
        assert (refused.status_code, refused.context["error"].code) == (400, "REP-003")

    def test_another_county_has_no_snapshot(self, county: County):
        response = signed_in(Role.COUNTY, "621202000000").get(PAGE)
        assert (response.status_code, "REP-010" in response.content.decode()) == (404, True)


class TestPersonal:
    """The prefecture reads no names, incomes or causes: it counts them, and opens no list by them."""

    def test_numbers_are_open_and_lists_are_not(self, county: County):
        client = signed_in(Role.PREFECTURE)
        found = table(client, "r=causes")
        assert rows(found)["因病"] == {"合计": 3}
        assert [cell.url for line in found.lines for cell in line.cells] == ["", "", "", "", ""]
        assert "您无权查看名单" in client.get(f"{PAGE}?r=causes").content.decode()

    def test_a_link_to_such_a_list_is_refused(self, county: County):
        url = table(signed_in(Role.COUNTY), "r=causes").lines[1].cells[0].url
        response = signed_in(Role.PREFECTURE).get(url)
        assert (response.status_code, "REP-013" in response.content.decode()) == (403, True)
        assert signed_in(Role.COUNTY).get(url).status_code == 200

    def test_an_expression_cannot_get_round_it(self, county: County):
        found = table(signed_in(Role.PREFECTURE), "u=household&w=net_income > 0")
        assert (found.whole.value, found.whole.url) == (4, "")

    @pytest.mark.parametrize("measure", ["min", "max", "median"])
    def test_one_households_value_is_refused(self, county: County, measure: str):
        query = {"m": measure, "v": "net_income_per_capita"}
        assert signed_in(Role.PREFECTURE).get(PAGE, query).status_code == 403
        assert signed_in(Role.COUNTY).get(PAGE, query).status_code == 200

    def test_nor_does_a_mean_of_one_tell_it(self, county: County):
        assert rows(table(signed_in(Role.PREFECTURE), f"{INCOME}&r=village"))["坡头村"] == {"合计": None}
        assert rows(table(signed_in(Role.COUNTY), f"{INCOME}&r=village"))["坡头村"] != {"合计": None}

    def test_what_is_not_personal_opens(self, county: County):
        client = signed_in(Role.PREFECTURE)
        cell = table(client, "r=poverty&c=met.water").lines[1].cells[0]
        assert client.get(cell.url).context["list"].total == cell.listed == 1

    def test_names_here_do_not_open_lists_there(self, county: County):
        """Village officer in one village, prefecture office besides: lists only where names may be read."""
        user = official(Role.PREFECTURE)
        Post.objects.create(
            official=Official.objects.get(user=user),
            role=Role.VILLAGE,
            division=make.make_division(make.VILLAGE),
            valid_from=dt.date(2014, 1, 1),
        )
        client = client_of(user)
        assert table(client, "r=causes").whole.url == ""
        cell = table(client, f"r=causes&d={make.VILLAGE}").whole
        assert client.get(cell.url).context["list"].total == cell.listed == 3


class TestList:
    @pytest.mark.parametrize("query", ["f=met.water:not_met&r=poverty", "r=village&c=poverty", "r=causes"])
    def test_a_list_behind_a_cell_asks_the_database_at_most_twelve_times(self, county: County, query: str):
        client = signed_in(Role.COUNTY)
        for line in table(client, query).lines[:2]:
            client.get(line.cells[-1].url)  # what never changes is kept by the process
            with CaptureQueriesContext(connection) as asked:
                assert client.get(line.cells[-1].url).context["list"].total == line.cells[-1].listed
            assert len(statements(asked)) <= 12

    def test_the_list_is_narrowed_and_exported_with_its_cell_in_the_audit(self, county: County):
        client = signed_in(Role.COUNTY)
        url = table(client, "r=causes&f=poverty:poor").lines[2].cells[0].url
        assert [line.number for line in client.get(url).context["lines"]] == ["A1", "A2"]
        assert [line.number for line in client.get(f"{url}&cause=03").context["lines"]] == ["A2"]
        assert [line[1] for line in lines(take(client, "households", url.partition("?")[2]))] == ["A1", "A2"]
        kept = audit.told(AuditEntry.objects.get(action="list.exported"))[1]
        assert (kept["rows"], kept["analysis"]) == (2, {"analysis": "r=causes&f=poverty%3Apoor", "row": "03"})

    def test_a_cell_that_cannot_be_is_refused(self, county: County):
        for query in ({"part": "none"}, {"part": "yes"}):
            response = signed_in(Role.COUNTY).get("/households/", {"analysis": "r=poverty", **query})
            assert (response.status_code, "REP-011" in response.content.decode()) == (404, True)


class TestViews:
    def save(self, client: Client, name: str = "致贫原因", shared: bool = True, definition: str = "r=causes"):
        asked = {"name": name, "definition": definition, **({"shared": "yes"} if shared else {})}
        return client.post("/analysis/views/save/", asked)

    def test_a_view_is_kept_listed_and_opened_by_its_definition(self, county: County):
        client = signed_in(Role.COUNTY)
        assert self.save(client, definition="c=&r=causes&f=poverty:poor").headers["Location"] == (
            "/analysis/?r=causes&f=poverty%3Apoor"
        )
        view = SavedView.objects.get()
        assert (view.name, view.definition, view.shared) == ("致贫原因", "r=causes&f=poverty%3Apoor", True)
        assert list(client.get(PAGE).context["views"]) == [view]
        assert client.get(f"/analysis/views/{view.pk}/").headers["Location"] == "/analysis/?r=causes&f=poverty%3Apoor"
        assert AuditEntry.objects.filter(action="view.saved", subject_id=str(view.pk)).count() == 1

    def test_the_same_name_replaces_and_no_name_is_refused(self, county: County):
        client = signed_in(Role.COUNTY)
        self.save(client)
        self.save(client, definition="r=poverty", shared=False)
        assert [(view.definition, view.shared) for view in SavedView.objects.all()] == [("r=poverty", False)]
        assert self.save(client, name="  ").status_code == 400
        assert self.save(client, definition="r=a b").status_code == 400

    def test_a_shared_view_shows_others_their_own_numbers(self, county: County):
        self.save(signed_in(Role.COUNTY))
        other = signed_in(Role.VILLAGE)
        view = SavedView.objects.get()
        query = other.get(f"/analysis/views/{view.pk}/").headers["Location"].partition("?")[2]
        assert totals(other, query) == {"合计": 3, "因病": 2, "因学": 2}

    def test_what_is_not_shared_is_not_there_for_others(self, county: County):
        self.save(signed_in(Role.COUNTY), shared=False)
        view, other = SavedView.objects.get(), signed_in(Role.VILLAGE)
        assert list(other.get(PAGE).context["views"]) == []
        assert other.get(f"/analysis/views/{view.pk}/").status_code == 404
        assert other.post(f"/analysis/views/{view.pk}/delete/").status_code == 404
        assert SavedView.objects.count() == 1

    def test_only_its_owner_deletes_a_view(self, county: County):
        client = signed_in(Role.COUNTY)
        self.save(client)
        view = SavedView.objects.get()
        refused = signed_in(Role.VILLAGE).post(f"/analysis/views/{view.pk}/delete/")
        assert (refused.status_code, "REP-018" in refused.content.decode()) == (400, True)
        assert client.post(f"/analysis/views/{view.pk}/delete/").status_code == 302
        assert SavedView.objects.count() == 0
