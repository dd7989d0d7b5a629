"""The screening pages: numbers, links, marks, scope and a fixed number of queries. 演示数据"""

import datetime as dt
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lika.accounts.choices import Role
from lika.core.actors import SystemActor
from lika.policy.packs.resolved import ResolvedPack
from lika.snapshots import actions, storage
from lika.snapshots.models import RollUp, Screening, Snapshot
from tests import factories as make
from tests.console.officials import signed_in
from tests.snapshots.conftest import Register, WritePack
from tests.web_role import statements

pytestmark = pytest.mark.django_db(transaction=True)


def html(client: Client, path: str, **query: str) -> str:
    response = client.get(path, query)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def numbers(page: str, title: str) -> list[str]:
    """The numbers in the row of the first table that begins with a title."""
    (row,) = re.findall(rf'<th scope="row">{title}</th>(.*?)</tr>', page, re.DOTALL)
    return re.findall(r">(\d+)<", row)


def test_the_list_marks_what_is_current_earlier_and_a_trial(
    screened: Screening, taken: Snapshot, write_pack: WritePack, pack: ResolvedPack, actor: SystemActor
):
    again = actions.screen(by=actor, snapshot=taken.pk, pack=pack)
    other = write_pack(folder="test/other", **{"id: test/exit": "id: test/other"})
    trial = actions.screen(by=actor, snapshot=taken.pk, pack=other, what_if=True)
    page = html(signed_in(Role.COUNTY), "/screenings/")
    rows = re.findall(r'/screenings/([0-9a-f-]{36})/".*?state-boxed.*?</svg>([^<]+)<', page, re.DOTALL)
    assert rows == [(str(trial.pk), "试算"), (str(again.pk), "现行"), (str(screened.pk), "非现行")]
    assert "nothing" not in page
    assert "宕昌县" in page


def test_the_list_is_narrowed_to_a_pack_or_a_state_and_sorted(
    screened: Screening, taken: Snapshot, write_pack: WritePack, pack: ResolvedPack, actor: SystemActor
):
    again = actions.screen(by=actor, snapshot=taken.pk, pack=pack)
    other = write_pack(folder="test/other", **{"id: test/exit": "id: test/other"})
    trial = actions.screen(by=actor, snapshot=taken.pk, pack=other, what_if=True)
    client = signed_in(Role.COUNTY)

    def listed(**query: str) -> list[str]:
        page = html(client, "/screenings/", **query).partition("<tbody>")[2]
        return re.findall(r'href="/screenings/([0-9a-f-]{36})/"', page)

    assert listed() == [str(trial.pk), str(again.pk), str(screened.pk)]
    assert listed(state="current") == [str(again.pk)]
    assert listed(state="earlier") == [str(screened.pk)]
    assert listed(state="trial") == [str(trial.pk)]
    assert listed(pack="test/exit", sort="run") == [str(screened.pk), str(again.pk)]
    assert listed(sort="-pack") == [str(trial.pk), str(again.pk), str(screened.pk)]
    assert "没有符合筛选条件的筛查" in html(client, "/screenings/", pack="test/other", state="current")
    assert listed(pack="none") == listed()  # a value outside the list does not filter
    refused = client.get("/screenings/", {"sort": "digest"})
    assert (refused.status_code, "SCR-043" in refused.content.decode()) == (400, True)


def test_thousands_are_separated(screened: Screening):
    RollUp.objects.filter(screening=screened, criterion="income").update(met=12345)
    assert "12,345" in html(signed_in(Role.COUNTY), f"/screenings/{screened.pk}/").partition('id="divisions"')[2]


def test_an_empty_list_says_what_to_do(transactional_db: None):
    assert "lika snapshot take" in html(signed_in(Role.COUNTY), "/screenings/")


def test_numbers_of_the_county_and_of_what_lies_below(screened: Screening):
    client = signed_in(Role.COUNTY)
    path = f"/screenings/{screened.pk}/"
    page = html(client, path)
    assert numbers(page, "收入") == ["2", "1", "1", "4"]
    assert numbers(page, "退出") == ["2", "1", "1", "4"]
    assert screened.digest in page
    township = html(client, path, division=make.TOWNSHIP)
    assert numbers(township, "收入") == ["2", "1", "1", "4"]
    assert "石磊村村民委员会" in township
    village = html(client, path, division=make.VILLAGE, result="not_met")
    assert numbers(village, "收入") == ["1", "1", "0", "2"]
    assert numbers(html(client, path, unit="village"), "贫困少") == ["1", "0", "1", "2"]


def test_measures_that_meet_are_shown_with_households_and_persons(screened: Screening):
    page = html(signed_in(Role.COUNTY), f"/screenings/{screened.pk}/")
    assert re.findall(r'<th scope="row">(产业[^<]*)</th><td [^>]*>(\d+)</td><td [^>]*>(\d+)</td>', page) == [
        ("产业", "1", "1"),
        ("产业 + 生态", "1", "3"),
    ]


def test_every_number_of_households_leads_to_the_list_of_households(
    screened: Screening, taken: Snapshot, write_pack: WritePack, actor: SystemActor
):
    """Another pack, screened later, has criteria of the same names: the list is that of the pack whose page it was."""
    other = write_pack(folder="test/other", **{"id: test/exit": "id: test/other", "value: 2736.10": "value: 1"})
    actions.screen(by=actor, snapshot=taken.pk, pack=other)
    client = signed_in(Role.COUNTY)
    page = html(client, f"/screenings/{screened.pk}/").partition('id="divisions"')[0]
    links = re.findall(r'href="(/households/\?[^"]*)">(\d+)<', page)
    assert len(links) >= 12
    for link, number in links:
        shown = html(client, link.replace("&amp;", "&"))
        assert len(set(re.findall(r"/households/([0-9a-f-]{36})/", shown))) == int(number), link


def test_other_numbers_lead_to_a_list_of_their_own(
    screened: Screening, taken: Snapshot, pack: ResolvedPack, actor: SystemActor, register: Register
):
    actions.screen(by=actor, snapshot=taken.pk, pack=pack)
    client = signed_in(Role.COUNTY)
    page = html(client, f"/screenings/{screened.pk}/")
    (link,) = set(
        re.findall(r'href="(/screenings/[^"]*criterion=income&amp;result=met&amp;division=621223000000)"', page)
    )
    shown = html(client, link.replace("&amp;", "&"))
    assert set(re.findall(r"/households/([0-9a-f-]{36})/", shown)) == {str(register.rich.id), str(register.newcomer.id)}
    people = html(client, f"/screenings/{screened.pk}/units/", criterion="adult", result="met", division="621223")
    assert len(re.findall(r"/households/[0-9a-f-]{36}/", people)) == 7
    assert "富裕演示" in people
    villages = html(client, f"/screenings/{screened.pk}/units/", criterion="few_poor", result="unknown")
    assert "坡头村" in villages
    assert "石磊村" not in villages.partition("<tbody>")[2]


def test_names_are_masked_for_those_who_only_look(screened: Screening):
    path = f"/screenings/{screened.pk}/units/?criterion=adult&result=met"
    shown = html(signed_in(Role.PREFECTURE), path)
    assert "富裕演示" not in shown
    assert "富***" in shown


def test_a_trial_run_is_marked(taken: Snapshot, pack: ResolvedPack, actor: SystemActor):
    trial = actions.screen(by=actor, snapshot=taken.pk, pack=pack, what_if=True)
    page = html(signed_in(Role.COUNTY), f"/screenings/{trial.pk}/")
    assert "试算" in page
    assert "不得据此作出决定" in page


def test_a_village_officer_sees_their_village_only(screened: Screening):
    client = signed_in(Role.VILLAGE)
    page = html(client, f"/screenings/{screened.pk}/")
    assert numbers(page, "收入") == ["1", "1", "0", "2"]
    assert "坡头村" not in page
    assert client.get(f"/screenings/{screened.pk}/", {"division": make.COUNTY}).status_code == 404
    assert client.get(f"/screenings/{screened.pk}/", {"division": make.OTHER_VILLAGE}).status_code == 404


@pytest.mark.parametrize("path", ["/screenings/{pk}/", "/screenings/{pk}/units/?criterion=income&result=met"])
def test_what_is_not_there_or_not_theirs(screened: Screening, path: str):
    assert signed_in(Role.COUNTY).get(path.format(pk=uuid4())).status_code == 404
    assert signed_in(Role.COUNTY, "621202000000").get(path.format(pk=screened.pk)).status_code == 404
    assert signed_in(Role.HELPER).get(path.format(pk=screened.pk)).status_code == 403
    assert signed_in(Role.ADMINISTRATOR).get("/screenings/").status_code == 403


def test_addresses_that_were_bent_are_answered(screened: Screening):
    client = signed_in(Role.COUNTY)
    own = f"/screenings/{screened.pk}/"
    assert client.get(own, {"unit": "nation", "result": "perhaps"}).status_code == 200
    assert client.get(own, {"division": "abc"}).status_code == 400
    assert client.get(own + "units/", {"criterion": "income"}).status_code == 404
    assert client.get(own + "units/", {"criterion": "none", "result": "met"}).status_code == 404
    assert client.get(own + "units/", {"criterion": "income", "result": "met", "page": "x"}).status_code == 200


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        html(client, path)
    return len(statements(captured))


def test_the_number_of_queries_does_not_grow(
    screened: Screening, taken: Snapshot, pack: ResolvedPack, actor: SystemActor
):
    client = signed_in(Role.COUNTY)
    one = queries_of(client, "/screenings/")
    for _more in range(2):
        last = actions.screen(by=actor, snapshot=taken.pk, pack=pack)
    assert queries_of(client, "/screenings/") == one
    assert one <= 12
    assert queries_of(client, f"/screenings/{last.pk}/") <= 18
    assert queries_of(client, f"/screenings/{last.pk}/units/?criterion=adult&result=met") <= 16 + 1  # the bounds


def test_in_english(screened: Screening):
    client = signed_in(Role.COUNTY)
    client.cookies["django_language"] = "en"
    page = html(client, f"/screenings/{screened.pk}/")
    assert numbers(page, "Income") == ["2", "1", "1", "4"]
    assert "Standard time point 31 December 2016" in page


def test_a_screening_of_an_older_snapshot_says_which_is_current(
    screened: Screening, pack: ResolvedPack, actor: SystemActor
):
    older = actions.take(by=actor, at=make.AT - dt.timedelta(days=30), division=make.COUNTY)
    other = actions.screen(by=actor, snapshot=older.pk, pack=pack)
    client = signed_in(Role.COUNTY)
    page = html(client, f"/screenings/{other.pk}/")
    assert "现行筛查出自更新的快照，标准时点2016年12月31日。" in page
    assert f'href="/screenings/{screened.pk}/">查看现行筛查</a>' in page
    assert "非现行" in page
    assert "查看现行筛查" not in html(client, f"/screenings/{screened.pk}/")


def test_a_damaged_verdict_file_is_a_page_that_names_it(screened: Screening, pack: ResolvedPack, actor: SystemActor):
    again = actions.screen(by=actor, snapshot=screened.snapshot_id, pack=pack)
    path = storage.verdicts_of(screened) / "household/county=621223.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    client = signed_in(Role.COUNTY)
    query = f"?criterion=income&result=met&division={make.COUNTY}"
    answer = client.get(f"/screenings/{screened.pk}/units/{query}")
    text = answer.content.decode()
    assert (answer.status_code, "SCR-031" in text, "household/county=621223.parquet" in text) == (400, True, True)
    assert "请从备份恢复其文件夹，或重新筛查该快照。" in text
    assert client.get(f"/screenings/{again.pk}/units/{query}").status_code == 200
