"""Saved views of lists: kept by name, opened, shared, renamed, deleted; readers see their own rows. 演示数据"""

import pytest
from django.http import HttpResponse
from django.test import Client

from lika.accounts.choices import Role
from lika.core import audit
from lika.core.models import AuditEntry
from lika.register.choices import PovertyStatus
from lika.reports.models import SavedView
from tests import factories as make
from tests.console.officials import signed_in

pytestmark = pytest.mark.django_db

LIST = "/households/"
POOR_VILLAGE = f"division={make.VILLAGE}&poverty={PovertyStatus.POOR}"


@pytest.fixture
def households() -> None:
    make.make_household(number="A1", poverty=PovertyStatus.POOR)
    make.make_household(number="A2", poverty=PovertyStatus.EXITED)
    make.make_household(make.OTHER_VILLAGE, number="B1", poverty=PovertyStatus.POOR)


def save(
    client: Client, definition: str, *, page: str = "households", name: str = "石磊村未脱贫", shared: bool = False
) -> HttpResponse:
    asked = {"name": name, "definition": definition, **({"shared": "yes"} if shared else {})}
    return client.post(f"/views/{page}/save/", asked)


def numbers(client: Client, url: str) -> list[str]:
    response = client.get(url)
    assert response.status_code == 200, response.content.decode()
    return [line.number for line in response.context["lines"]]


def chips(client: Client, url: str) -> dict[str, bool]:
    """The views offered above a list, and whether each is the one that is open."""
    shown = next(part for part in client.get(url).context if "all_url" in part)
    return {view["label"]: view["current"] for view in shown["views"]}


class TestKeeping:
    def test_a_view_keeps_the_filters_in_one_form_and_leads_back_to_the_list(self, households):
        client = signed_in(Role.COUNTY)
        way_down = f"division={make.COUNTY}&division={make.VILLAGE}"
        asked = f"page=2&text=石&{way_down}&poverty={PovertyStatus.POOR}&sort=number"
        response = save(client, asked, name="  石磊村  未脱贫 ")
        view = SavedView.objects.get()
        assert (view.page, view.name, view.definition, view.shared) == (
            *("households", "石磊村 未脱贫", POOR_VILLAGE),
            False,
        )
        assert response["Location"] == f"{LIST}?{POOR_VILLAGE}"
        assert numbers(client, response["Location"]) == ["A1"]
        assert chips(client, response["Location"]) == {"石磊村 未脱贫": True}
        assert chips(client, LIST) == {"石磊村 未脱贫": False}

    def test_an_order_is_kept_too_and_the_address_of_the_view_opens_it(self, households):
        client = signed_in(Role.COUNTY)
        save(client, "sort=-number")
        view = SavedView.objects.get()
        assert client.get(f"/views/{view.pk}/")["Location"] == f"{LIST}?sort=-number"
        assert numbers(client, f"{LIST}?sort=-number") == ["B1", "A2", "A1"]

    def test_the_same_name_on_another_list_is_another_view(self, households):
        client = signed_in(Role.COUNTY)
        save(client, "poverty=20", name="我的")
        save(client, "state=published", name="我的", page="imports")
        assert [(view.page, view.definition) for view in SavedView.objects.order_by("page")] == [
            ("households", "poverty=20"),
            ("imports", "state=published"),
        ]
        assert chips(client, LIST) == {"我的": False}

    @pytest.mark.parametrize(("name", "code"), [(" ", "REP-017"), ("长" * 61, "REP-017")])
    def test_a_name_that_cannot_be_is_refused(self, households, name: str, code: str):
        response = save(signed_in(Role.COUNTY), "poverty=20", name=name)
        assert (response.status_code, code in response.content.decode()) == (400, True)
        assert SavedView.objects.count() == 0

    def test_what_somebody_searched_for_is_not_kept(self):
        save(signed_in(Role.ADMINISTRATOR), "text=马乙&role=county", page="officials")
        assert SavedView.objects.get().definition == "role=county"

    def test_a_list_that_is_closed_to_the_reader_keeps_nothing(self):
        assert save(signed_in(Role.COUNTY), "role=county", page="officials").status_code == 403
        assert save(signed_in(Role.COUNTY), "", page="analysis").status_code == 404
        assert save(signed_in(Role.COUNTY), "", page="nothing").status_code == 404
        assert SavedView.objects.count() == 0


class TestSharing:
    def test_a_shared_view_shows_others_the_rows_of_their_own_area(self, households):
        save(signed_in(Role.COUNTY), f"poverty={PovertyStatus.POOR}", name="未脱贫", shared=True)
        other = signed_in(Role.VILLAGE, make.OTHER_VILLAGE)
        opened = other.get(f"/views/{SavedView.objects.get().pk}/")["Location"]
        assert numbers(other, opened) == ["B1"]
        assert chips(other, LIST) == {"未脱贫": False}

    def test_what_is_not_shared_is_there_for_its_owner_alone(self, households):
        owner = signed_in(Role.COUNTY)
        save(owner, "poverty=20")
        view, other = SavedView.objects.get(), signed_in(Role.COUNTY)
        refused = other.get(f"/views/{view.pk}/")
        assert (refused.status_code, "REP-015" in refused.content.decode()) == (404, True)
        assert (chips(other, LIST), chips(owner, LIST)) == ({}, {"石磊村未脱贫": False})

    def test_a_shared_view_of_a_list_that_is_closed_to_the_reader_is_not_there(self, households):
        save(signed_in(Role.COUNTY), "poverty=20", shared=True)
        assert signed_in(Role.ADMINISTRATOR).get(f"/views/{SavedView.objects.get().pk}/").status_code == 404

    def test_others_neither_change_nor_delete_it(self, households):
        save(signed_in(Role.COUNTY), "poverty=20", shared=True)
        view, other = SavedView.objects.get(), signed_in(Role.COUNTY)
        for act in ("change", "delete"):
            refused = other.post(f"/views/{view.pk}/{act}/", {"name": "别的"})
            assert (refused.status_code, "REP-018" in refused.content.decode()) == (400, True)
        assert SavedView.objects.get().name == "石磊村未脱贫"


class TestChanging:
    def test_its_owner_renames_and_shares_it_and_the_audit_tells(self, households):
        client = signed_in(Role.COUNTY)
        save(client, POOR_VILLAGE)
        view = SavedView.objects.get()
        response = client.post(f"/views/{view.pk}/change/", {"name": "未脱贫户", "shared": "yes"})
        assert response["Location"] == f"{LIST}?{POOR_VILLAGE}"
        view.refresh_from_db()
        assert (view.name, view.shared, view.definition) == ("未脱贫户", True, POOR_VILLAGE)
        old, new = audit.told(AuditEntry.objects.get(action="view.changed"))
        assert (old["name"], old["shared"], new["name"], new["shared"]) == ("石磊村未脱贫", False, "未脱贫户", True)

    def test_a_name_that_another_own_view_has_is_refused(self, households):
        client = signed_in(Role.COUNTY)
        save(client, "poverty=20", name="甲")
        save(client, "poverty=30", name="乙")
        refused = client.post(f"/views/{SavedView.objects.get(name='乙').pk}/change/", {"name": "甲"})
        assert (refused.status_code, "REP-019" in refused.content.decode()) == (400, True)
        assert sorted(view.name for view in SavedView.objects.all()) == ["乙", "甲"]

    def test_its_owner_deletes_it_and_stays_on_the_list(self, households):
        client = signed_in(Role.COUNTY)
        save(client, POOR_VILLAGE)
        response = client.post(f"/views/{SavedView.objects.get().pk}/delete/")
        assert (response["Location"], SavedView.objects.count()) == (f"{LIST}?{POOR_VILLAGE}", 0)
        assert chips(client, LIST) == {}
