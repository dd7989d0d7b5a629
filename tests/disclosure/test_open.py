"""The public pages: for everybody, without a trace, showing what was published and nothing else. 演示数据"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from django.conf import settings as configuration
from django.db import connection
from django.test import Client
from psycopg import errors

from lika.config.wall import PORTAL, READ, TABLES
from lika.core import wall
from lika.core.language import Said
from lika.disclosure import content
from lika.disclosure.choices import Kind
from lika.disclosure.models import Proposal, Publication, Withdrawal
from tests import factories as make

PLACES = {
    "620000000000": "甘肃省",
    "621200000000": "陇南市",
    make.COUNTY: "宕昌县",
    make.TOWNSHIP: "城关镇",
    make.VILLAGE: "石磊村",
    make.OTHER_VILLAGE: "坡头村",
    "621223102000": "演示乡",
    "621223102201": "演示甲村",
    "621223102202": "演示乙村",
}
HOT = '<a class="open-phone" href="tel:12317">12317</a>'


def told_everyone(kind: Kind, made: content.Content, title: Said) -> Publication:
    """A publication as the action writes it."""
    text = content.text_of(kind, made)
    return Publication.objects.create(
        kind=kind,
        division=int(make.COUNTY),
        place="甘肃省 陇南市 宕昌县",
        places="".join(f"\n{code} {name}" for code, name in PLACES.items()),
        title_zh=title.zh,
        title_en=title.en,
        content=text,
        sha256=content.sha256_of(text),
        publisher_zh="宕昌县 县扶贫办",
        publisher_en="宕昌县 County office",
    )


def line(code: str, *counts: int | None) -> content.Line:
    return content.Line(code, PLACES[code], counts)


@pytest.fixture
def figures(db: None) -> Publication:
    """The county's figures, published; the two villages of the second township are hidden."""
    hidden = (None, None, None, 0)
    made = content.Figures(
        as_of="2016-12-31",
        pack="test/exit@1",
        pack_title=Said("测试退出标准", "Test exit"),
        criterion=Said("退出", "Exit"),
        clause="T §4",
        demo=False,
        snapshot="演示",
        digest="0" * 64,
        smallest=3,
        top=line(make.COUNTY, 32, 15, 14, 3),
        townships=(
            content.Block(
                line(make.TOWNSHIP, 18, 7, 8, 3),
                (line(make.VILLAGE, 7, 4, 3, 0), line(make.OTHER_VILLAGE, 11, 3, 5, 3)),
            ),
            content.Block(
                line("621223102000", 14, 8, 6, 0), (line("621223102201", *hidden), line("621223102202", *hidden))
            ),
        ),
    )
    return told_everyone(Kind.FIGURES, made, Said("宕昌县：退出核对情况", "Dangchang: exit"))


@pytest.fixture
def criteria(db: None) -> Publication:
    """A pack's criteria, published: one in words, one whose basis is missing."""
    given = content.Criterion(
        Said("收入", "Income"), Said("大于标准线", "more than the line"), "T §1", "超过标准", None, False, False
    )
    missing = content.Criterion(Said("住房", "Housing"), None, "T §2", "住房保障", None, True, False)
    made = content.Criteria(
        as_of="2016-12-31",
        pack="test/exit@1",
        pack_title=Said("测试退出标准", "Test exit"),
        document=Said("测试文件", "Test document"),
        demo=False,
        valid_from="2016-01-01",
        valid_to=None,
        groups=(content.Group(Said("退出", "Exit"), (given, missing)),),
        parameters=(
            content.Parameter(Said("标准线", "Line"), Said("2,736.10元", "2,736.10 yuan"), "T §1", "超过标准", False),
        ),
    )
    return told_everyone(Kind.CRITERIA, made, Said("宕昌县：现行条件", "Dangchang: the criteria in force"))


@pytest.fixture
def reader() -> Client:
    """Somebody without an account."""
    return Client(headers={"accept-language": "zh-hans"})


def text(client: Client, path: str, **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


class TestPages:
    def test_the_list_tells_title_place_and_office(self, reader, figures):
        page = text(reader, "/open/")
        assert figures.title_zh in page
        assert "甘肃省 陇南市 宕昌县" in page
        assert "宕昌县 县扶贫办" in page
        assert HOT in page

    def test_figures_by_township_then_by_village_and_no_hidden_number(self, reader, figures):
        page = text(reader, f"/open/{figures.pk}/")
        assert '<a href="?in=621223102000#villages">演示乡</a>' in page
        assert "石磊村" not in page
        below = text(reader, f"/open/{figures.pk}/", **{"in": "621223102000"})
        assert below.count('<span class="open-hidden">不公开</span>') == 6
        assert "演示甲村" in below
        assert "石磊村" in text(reader, f"/open/{figures.pk}/", **{"in": "621223100000"})

    def test_criteria_with_clause_and_value_and_what_is_missing(self, reader, criteria):
        page = text(reader, f"/open/{criteria.pk}/")
        assert 'T §1 <q lang="zh-Hans">超过标准</q>' in page
        assert "2,736.10元" in page
        assert '<strong>住房</strong> <span class="source-missing">待补充依据</span>' in page

    def test_the_guide_tells_how_to_look_apply_object_and_ask(self, reader, figures):
        page = reader.get("/open/help/").content.decode()
        titles = [
            "想了解本村情况",
            "想申请，或者家里情况有变化",
            "发现问题，怎样反映和举报",
            "登记了我家哪些信息，谁能看到",
        ]
        assert [title for title in titles if title not in page] == []
        assert 'href="tel:12317"' in page
        assert 'href="/open/help/"' in reader.get("/open/").content.decode()

    def test_a_reader_of_english_reads_english(self, figures):
        page = text(Client(headers={"accept-language": "en"}), f"/open/{figures.pk}/")
        assert figures.title_en in page
        assert "Meet the criteria" in page
        assert "核对" not in page

    def test_what_is_only_proposed_is_not_there(self, reader, figures):
        copied = {
            field: getattr(figures, field) for field in ("kind", "division", "place", "places", "content", "sha256")
        }
        made = Proposal.objects.create(**copied, title_zh="拟公开", title_en="Proposed", source="x", proposed_by="a")
        assert made.title_zh not in text(reader, "/open/")
        for path in (f"/open/{made.pk}/", f"/open/{made.pk}.json"):
            answer = reader.get(path)
            assert (answer.status_code, "DIS-020" in answer.content.decode()) == (404, True)

    def test_a_withdrawn_one_tells_why_and_shows_nothing_else(self, reader, figures):
        assert "演示乡" in text(reader, f"/open/{figures.pk}/")
        Withdrawal.objects.create(publication=figures, reason="统计口径有误")
        page = text(reader, f"/open/{figures.pk}/")
        assert "统计口径有误" in page
        assert "演示乡" not in page
        assert "已撤回" in text(reader, "/open/")
        assert reader.get(f"/open/{figures.pk}.json").status_code == 404

    def test_the_content_fetched_has_the_hash_that_the_page_names(self, reader, figures):
        fetched = reader.get(f"/open/{figures.pk}.json").content
        assert hashlib.sha256(fetched).hexdigest() == figures.sha256
        assert f'<code class="open-hash">{figures.sha256}</code>' in text(reader, f"/open/{figures.pk}/")

    def test_the_telephone_is_the_nearest_that_is_configured_and_never_invented(self, reader, figures, settings):
        assert "待补充依据" in text(reader, f"/open/{figures.pk}/")
        phones = (("62", "0931-1000000"), ("621223", "0939-6120000"), ("621223102", "0939-6120001"))
        settings.LIKA = replace(settings.LIKA, office_phones=phones)
        page = text(reader, f"/open/{figures.pk}/")
        assert 'href="tel:0939-6120000"' in page
        assert ("0931-1000000" in page, "0939-6120001" in page, "待补充依据" in page) == (False, False, False)


class TestSearch:
    @pytest.mark.parametrize("asked", ["宕昌", "石磊村", "甘肃", "6212", "621223100201", " 坡头 "])
    def test_a_division_in_it_above_it_or_below_it_finds_it(self, reader, figures, asked):
        assert figures.title_zh in text(reader, "/open/", q=asked)

    @pytest.mark.parametrize("asked", ["武都区", "100201", "622", "退出", "%", "x" * 500, "\x00"])
    def test_anything_else_does_not(self, reader, figures, asked):
        answer = reader.get("/open/", {"q": asked})
        assert (figures.title_zh in answer.content.decode()) is False


class TestTraces:
    PATHS = ("/open/", "/open/{pk}/", "/open/{pk}.json")

    def test_no_cookie_is_set_and_caches_may_keep_the_page(self, reader, figures):
        for path in self.PATHS:
            answer = reader.get(path.format(pk=figures.pk))
            assert (answer.status_code, dict(answer.cookies)) == (200, {})
            assert answer["Cache-Control"] == "public, max-age=300"
            assert {"Cookie", "Accept-Language"} <= set(answer["Vary"].split(", "))

    def test_the_language_is_the_only_cookie(self, figures):
        reader = Client(enforce_csrf_checks=True, headers={"accept-language": "zh-hans"})
        answer = reader.post("/open/language/", {"language": "en", "next": f"/open/{figures.pk}/"})
        assert (answer.status_code, answer["Location"]) == (302, f"/open/{figures.pk}/")
        assert set(reader.cookies) == {"django_language"}
        assert figures.title_en in text(reader, f"/open/{figures.pk}/")

    def test_nothing_is_written_by_a_page(self, reader, figures):
        for path in self.PATHS:
            assert reader.post(path.format(pk=figures.pk)).status_code == 405


class TestPortal:
    """The pages by themselves: another process, another role."""

    @pytest.fixture
    def stranger(self, transactional_db: None, figures: Publication) -> Iterator[psycopg.Connection]:
        """A connection of the role of the public pages, as their process has it."""
        given = {**connection.get_connection_params(), "cursor_factory": psycopg.Cursor, "context": None}
        with psycopg.connect(**{**given, "user": configuration.PORTAL_DATABASE.user}) as opened:
            yield opened
            opened.rollback()

    def test_it_reads_what_was_published(self, stranger, figures):
        assert stranger.execute("SELECT title_zh FROM disclosure_publication").fetchall() == [(figures.title_zh,)]

    def test_no_other_table_can_be_read(self, stranger):
        readable = []
        for table in TABLES:
            try:
                stranger.execute(f"SELECT * FROM {table}")
            except errors.InsufficientPrivilege:
                stranger.rollback()
            else:
                readable.append(table)
        assert sorted(readable) == sorted(table for table, rights in PORTAL.items() if rights == READ)

    def test_it_does_nothing_else(self, stranger):
        for statement in (
            "SELECT name FROM register_person",
            "SELECT lika_persons_named(ARRAY['演'], '演')",
            "SELECT proposed_by FROM disclosure_proposal",
            "DELETE FROM disclosure_publication",
            "SELECT id FROM disclosure_inbox",
            "UPDATE disclosure_inbox SET refused = 'x'",
            "INSERT INTO disclosure_noticeterm (id, page_id, set_at) SELECT id, id, now() FROM disclosure_noticepage",
            "UPDATE disclosure_publication SET title_zh = ''",
            "INSERT INTO disclosure_withdrawal SELECT id, 'x', now() FROM disclosure_publication",
            "TRUNCATE disclosure_publication CASCADE",
            "CREATE TABLE mine (id integer)",
            "SET ROLE lika_web",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                stranger.execute(statement)
            stranger.rollback()

    def test_the_wall_knows_what_it_reaches(self, figures):
        role = configuration.PORTAL_DATABASE.user
        assert wall.reach(role) == {
            *("disclosure_publication", "disclosure_withdrawal"),
            *("disclosure_noticepage", "disclosure_noticeterm", "disclosure_inbox", "disclosure_receiptstep"),
        }
        assert wall.portal_stands(role)
        with connection.cursor() as cursor:
            cursor.execute(f"GRANT SELECT (name) ON register_person TO {role}")
        assert not wall.portal_stands(role)
        assert wall.build(configuration.WEB_DATABASE.user, role)
        assert wall.portal_stands(role)
        assert not wall.portal_stands("lika_nobody")
        assert not wall.portal_stands(configuration.WEB_DATABASE.user)

    def test_every_page_is_served_by_that_role_and_without_the_rest_of_the_site(
        self, transactional_db, figures, own_processes, tmp_path
    ):
        own_processes(tmp_path)
        paths = [f"/open/?q={make.VILLAGE}", f"/open/{figures.pk}/", f"/open/{figures.pk}.json"]
        asked = [*paths, "/", "/households/", "/accounts/login/"]
        done = subprocess.run(
            [sys.executable, "-m", "tests.disclosure.portal_client", *asked],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        seen = json.loads(done.stdout)
        assert [status for status, _body in seen] == [200, 200, 200, 302, 404, 404]
        assert figures.title_zh in seen[0][1]
        assert '<button type="submit" name="language" value="en" lang="en"' in seen[0][1]
        assert "DIS-020" in seen[4][1]
