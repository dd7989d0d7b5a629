"""Pages of the exchange with the national system. 演示数据"""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lika.collection.exporting import actions, comparisons
from lika.collection.models import Comparison, Export, FoundDifference
from lika.core.models import AuditEntry
from lika.register.choices import YearState
from lika.register.models import Household, HouseholdYear, Person
from tests.collection.test_exporting import named
from tests.collection.test_sending import TOWNSHIP, audit, changed, registered  # noqa: F401 - a fixture
from tests.collection.workbooks import H1, H2
from tests.console.officials import Role
from tests.console.taking import lines, take
from tests.factories import COUNTY, make_division


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are made and compared here: a process of its own sees no open transaction.

    An export is made below, as the owner of the tables: the role that serves pages may not note what was sent.
    """
    monkeypatch.setattr(actions, "begin", lambda export: None)
    monkeypatch.setattr(comparisons, "begin", lambda kept: comparisons.make(kept.id))


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(named(Role.COUNTY, COUNTY, name))
    return client


@pytest.fixture
def taken(registered: None) -> tuple[Client, Export, bytes]:  # noqa: F811 - the fixture
    """A file in the national layout, asked for and agreed on the pages."""
    audit(H1)
    first, second = signed_in("county-one"), signed_in("county-two")
    given = {"division": COUNTY, "data_year": "2016", "kind": "xlsx", "layout": "national-2018@1", "reason": "录入系统"}
    assert first.post(reverse("collection:exports"), given).status_code == 302
    export = Export.objects.get()
    second.post(reverse("collection:export-decide", args=[export.id]), {"decision": "agree"})
    actions.make(export.id)
    export.refresh_from_db()
    content = first.post(reverse("collection:export-take", args=[export.id])).content
    return first, export, content


def test_the_list_leads_to_the_receipt(taken: tuple[Client, Export, bytes]) -> None:
    client, export, _content = taken
    listed = client.get(reverse("collection:exports")).content.decode()
    assert reverse("collection:receipt", args=[export.id]) in listed
    page = client.get(reverse("collection:receipt", args=[export.id])).content.decode()
    told = (export.receipt, export.file_sha256, "county-one", "county-two", "national-2018@1", "录入系统")
    assert [word for word in told if word not in page] == []


def test_the_queue_and_the_way_to_the_household(taken: tuple[Client, Export, bytes]) -> None:
    client, _export, _content = taken
    audit(H2)
    page = client.get(
        reverse("collection:sending"), {"division": TOWNSHIP, "data_year": "2016", "layout": "national-2018@1"}
    ).content.decode()
    assert re.findall(r'<a href="/households/[0-9a-f-]+/">(\d+)</a>', page) == [H2]
    assert "待同步 1 户；以前已报送 1 户；0 户尚待乡镇审核" in page


def test_a_file_that_came_back_is_compared_on_a_page(taken: tuple[Client, Export, bytes]) -> None:
    client, _export, content = taken
    file = SimpleUploadedFile("国家.xlsx", changed(content, "贫困户信息", 2, aac073=100))
    answer = client.post(
        reverse("collection:comparisons"), {"file": file, "layout": "national-2018@1", "data_year": "2016"}
    )
    comparison = Comparison.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("collection:comparison", args=[comparison.id]))
    page = client.get(answer["Location"]).content.decode()
    assert [word for word in ("工资性收入", "9000.5", "100", H1, "取值不同 1") if word not in page] == []
    taken = take(client, "comparison", {"of": comparison.id})
    assert lines(taken) == [["取值不同", "户年度数据", H1, "", "工资性收入", "9000.5", "100"]]
    assert AuditEntry.objects.filter(action="list.exported").count() == 1
    assert list(FoundDifference.objects.values_list("system", "what")) == [
        ("national-2018", "value:household_years:wage")
    ]
    assert signed_in("county-three").get(answer["Location"]).status_code == 404


def test_nothing_audited_is_refused_on_the_page(registered: None) -> None:  # noqa: F811 - the fixture
    given = {"division": COUNTY, "data_year": "2016", "kind": "xlsx", "layout": "national-2018@1", "reason": "录入系统"}
    answer = signed_in("county-one").post(reverse("collection:exports"), given)
    assert (answer.status_code, "COL-055" in answer.content.decode(), Export.objects.exists()) == (422, True, False)


def test_a_difference_opens_the_form_of_its_change(taken: tuple[Client, Export, bytes]) -> None:
    client, _export, content = taken
    content = changed(content, "贫困户信息", 2, aac073=100, aar012="13911112222")
    content = changed(content, "家庭成员信息", 3, 姓名="王改名")
    file = SimpleUploadedFile("国家.xlsx", content)
    client.post(reverse("collection:comparisons"), {"file": file, "layout": "national-2018@1", "data_year": "2016"})
    comparison = Comparison.objects.get()
    page = client.get(reverse("collection:comparison", args=[comparison.id])).content.decode()
    ways = [way.replace("&amp;", "&") for way in re.findall(r'href="(/households/[^"]+/changes/new/[^"]+)"', page)]
    home = Household.objects.get(number=H1).pk
    kinds = [("correct", 0), ("correct", 1), ("year", 2)]
    assert ways == [
        f"/households/{home}/changes/new/{kind}/?comparison={comparison.id}&line={at}" for kind, at in kinds
    ]
    reason = {"reason": "与national-2018@1 2016年数据比对不一致"}
    phone, name, year = (client.get(way) for way in ways)
    assert phone.context["form"].initial == reason  # what is masked is entered from the paper
    person = str(Person.objects.get(name="王演示").pk)
    assert name.context["form"].initial == reason | {"person": person, "name": "王改名"}
    assert year.context["form"].initial == reason | {"row": "", "field": "household_year:wage", "value": "100"}
    assert "工资性收入：台账为9000.5，national-2018@1为100。" in year.content.decode()
    audit(H1, state=YearState.LOCKED)
    row = HouseholdYear.objects.get(household__number=H1).pk
    assert client.get(ways[2]).context["form"].initial["row"] == f"household_year:{row}"
    other = Household.objects.get(number=H2).pk
    assert client.get(ways[0].replace(str(home), str(other))).context["suggested"] is None
    assert client.get(ways[0].replace("line=0", "line=99")).context["suggested"] is None
    assert signed_in("county-three").get(ways[0]).status_code == 404


def test_the_queue_of_a_county_is_counted_by_township(taken: tuple[Client, Export, bytes]) -> None:
    client, _export, _content = taken
    make_division("621223101000")
    asked = {"division": TOWNSHIP, "data_year": "2016", "layout": "national-2018@1"}

    def numbers() -> list[list[int]]:
        return [each["numbers"] for each in client.get(reverse("collection:sending"), asked).context["townships"]]

    assert numbers() == [[0, 1, 1], [0, 0, 0]]
    audit(H2)
    page = client.get(reverse("collection:sending"), asked)
    assert (numbers(), page.context["sums"]) == ([[1, 0, 1], [0, 0, 0]], [1, 0, 1])
    township = Client()
    township.force_login(named(Role.TOWNSHIP, TOWNSHIP, "township"))
    assert township.get(reverse("collection:sending"), asked).context["townships"] == []
