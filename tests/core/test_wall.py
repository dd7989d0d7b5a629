"""The second wall: what the role that serves pages sees, may write, and may not do. 演示数据"""

import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import Error, connection, connections, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from psycopg import errors

from lika.accounts.choices import Role
from lika.accounts.middleware import within_bounds
from lika.accounts.models import User
from lika.accounts.queries import actor_of
from lika.config.wall import DOORS, TABLES
from lika.core import wall
from lika.core.areas import Area
from lika.core.bounds import NOTHING, Bounds, told, told_throughout
from lika.core.ids import uuid7
from lika.register import actions
from lika.register.actions.reveal import HouseholdSecret, reveal_household
from lika.register.models import Household, Membership, Person, StatusEvent
from lika.snapshots.models import CurrentVerdict
from tests import factories as make
from tests.console.officials import official, signed_in
from tests.web_role import statements, web_role

OF_A = Bounds(Area.of([make.VILLAGE]), reader="a")
ADDED = f"""
INSERT INTO register_household
SELECT (jsonb_populate_record(h, jsonb_build_object(
    'id', gen_random_uuid(), 'number', 'N1', 'village', {make.OTHER_VILLAGE}))).*
FROM register_household h WHERE h.number = 'A1'
"""
SQL_ROWS = {
    "register_household": "SELECT number FROM register_household",
    "register_membership": "SELECT village::text FROM register_membership",
    "register_person": "SELECT name FROM register_person",
    "register_placement": "SELECT village::text FROM register_placement",
    "register_householdyear": "SELECT village::text FROM register_householdyear",
    "register_personyear": "SELECT village::text FROM register_personyear",
    "register_statusevent": "SELECT household_id::text FROM register_statusevent",
    "snapshots_currentverdict": "SELECT village::text FROM snapshots_currentverdict",
}


@pytest.fixture
def two(transactional_db: None) -> tuple[Household, Household]:
    """A household in village A and one in village B, each with all that a household has."""
    made = []
    for number, village in (("A1", make.VILLAGE), ("B1", make.OTHER_VILLAGE)):
        household = make.make_household(village, number=number, head=f"演示{number}")
        make.make_household_year(household)
        make.make_person_year(Person.objects.get(name=f"演示{number}"), village=village)
        made.append(household)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS snapshots_currentverdict_c621223 "
            "PARTITION OF snapshots_currentverdict FOR VALUES IN (621223)"
        )
    CurrentVerdict.objects.bulk_create(
        CurrentVerdict(
            county=621223, pack_id="demo/x", unit_kind="household", unit_id=each.id, village=each.village, results=[1],
            changed_in=uuid7(),
        )
        for each in made
    )  # fmt: skip
    return made[0], made[1]


@pytest.fixture
def web(two: tuple[Household, Household]) -> Iterator[psycopg.Connection]:
    """A connection of the web role itself, as the processes that serve pages have it."""
    given = {**connection.get_connection_params(), "cursor_factory": psycopg.Cursor, "context": None}
    with psycopg.connect(**{**given, "user": settings.WEB_DATABASE.user}) as opened:
        yield opened
        opened.rollback()


def tell(web: psycopg.Connection, bounds: Bounds) -> None:
    web.execute(
        "SELECT set_config('lika.area', %s, true), set_config('lika.households', %s, true), "
        "set_config('lika.reader', %s, true)",
        bounds.as_settings(),
    )


def rows(web: psycopg.Connection, query: str) -> list[object]:
    return sorted(value for (value,) in web.execute(query))


class TestRows:
    def test_unset_means_no_row(self, web: psycopg.Connection) -> None:
        assert {table: rows(web, query) for table, query in SQL_ROWS.items()} == {table: [] for table in SQL_ROWS}

    def test_of_no_area_means_no_row(self, web: psycopg.Connection) -> None:
        tell(web, NOTHING)
        assert {table: rows(web, query) for table, query in SQL_ROWS.items()} == {table: [] for table in SQL_ROWS}

    def test_the_bounds_of_a_village_show_its_rows_and_no_others(
        self, web: psycopg.Connection, two: tuple[Household, Household]
    ) -> None:
        tell(web, OF_A)
        here = [make.VILLAGE]
        assert {table: rows(web, query) for table, query in SQL_ROWS.items()} == {
            "register_household": ["A1"],
            "register_membership": here,
            "register_person": ["演示A1"],
            "register_placement": here,
            "register_householdyear": here,
            "register_personyear": here,
            "register_statusevent": [str(two[0].id)],
            "snapshots_currentverdict": here,
        }

    def test_a_granted_household_is_seen_whole_and_alone(
        self, web: psycopg.Connection, two: tuple[Household, Household]
    ) -> None:
        tell(web, Bounds(households=frozenset({two[1].id})))
        there = [make.OTHER_VILLAGE]
        assert {table: rows(web, query) for table, query in SQL_ROWS.items()} == {
            "register_household": ["B1"],
            "register_membership": there,
            "register_person": ["演示B1"],
            "register_placement": there,
            "register_householdyear": there,
            "register_personyear": there,
            "register_statusevent": [str(two[1].id)],
            "snapshots_currentverdict": there,
        }

    def test_several_ranges_do_not_fill_the_gap_between_them(self, web: psycopg.Connection) -> None:
        between = make.make_household("621223100202", number="M1")
        tell(web, Bounds(Area.of([make.VILLAGE, make.OTHER_VILLAGE])))
        assert rows(web, SQL_ROWS["register_household"]) == ["A1", "B1"]
        assert between.number == "M1"

    def test_the_bounds_end_with_their_transaction(self, web: psycopg.Connection) -> None:
        tell(web, OF_A)
        assert rows(web, SQL_ROWS["register_household"]) == ["A1"]
        web.commit()
        assert rows(web, SQL_ROWS["register_household"]) == []

    def test_an_import_is_seen_by_who_sent_it(self, web: psycopg.Connection) -> None:
        from lika.collection.models import ImportBatch

        for name in ("a", "b"):
            ImportBatch.objects.create(file_name=f"{name}.xlsx", file_sha256="0" * 64, file_bytes=1, by_name=name)
        tell(web, OF_A)
        assert rows(web, "SELECT file_name FROM collection_importbatch") == ["a.xlsx"]

    def test_a_saved_view_is_seen_by_its_owner_and_shared_by_others(self, web: psycopg.Connection) -> None:
        from lika.reports.models import SavedView

        for name in ("a", "b"):
            owner = User.objects.create_user(name)
            for shared in (False, True):
                SavedView.objects.create(owner=owner, name=f"{name} {shared}", definition="poverty=20", shared=shared)
        tell(web, OF_A)
        assert rows(web, "SELECT name FROM reports_savedview") == ["a False", "a True", "b True"]
        web.execute("UPDATE reports_savedview SET definition = '' WHERE name = 'a True'")
        with pytest.raises(errors.InsufficientPrivilege):
            web.execute("UPDATE reports_savedview SET definition = '' WHERE name = 'b True'")

    def test_a_household_that_moves_takes_its_members_along(
        self, web: psycopg.Connection, two: tuple[Household, Household]
    ) -> None:
        Household.objects.filter(pk=two[1].pk).update(village=int(make.VILLAGE))
        assert set(Membership.objects.values_list("village", flat=True)) == {int(make.VILLAGE)}
        tell(web, OF_A)
        assert rows(web, SQL_ROWS["register_person"]) == ["演示A1", "演示B1"]
        tell(web, Bounds(Area.of([make.OTHER_VILLAGE])))
        assert rows(web, SQL_ROWS["register_householdyear"]) == [make.OTHER_VILLAGE]  # made there, and stays

    def test_a_membership_cannot_say_another_village_than_its_household(self, two: tuple[Household, Household]) -> None:
        with pytest.raises(Error) as refused:
            Membership.objects.filter(household=two[0]).update(village=int(make.OTHER_VILLAGE))
        assert refused.value.__cause__.sqlstate == "23503"


class TestWrites:
    @pytest.mark.parametrize(
        "statement",
        [
            ADDED,
            f"UPDATE register_household SET village = {make.OTHER_VILLAGE} WHERE number = 'A1'",
            f"UPDATE register_householdyear SET village = {make.ELSEWHERE}, household_id = gen_random_uuid()",
        ],
    )
    def test_a_row_outside_the_bounds_is_refused(self, web: psycopg.Connection, statement: str) -> None:
        tell(web, OF_A)
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            web.execute(statement)

    def test_what_is_not_seen_is_not_changed(self, web: psycopg.Connection) -> None:
        tell(web, OF_A)
        assert web.execute("UPDATE register_household SET attribute = '1' WHERE number = 'B1'").rowcount == 0
        assert web.execute("UPDATE register_household SET attribute = '1' WHERE number = 'A1'").rowcount == 1

    @pytest.mark.parametrize(
        "statement",
        [
            "ALTER TABLE register_household DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE register_household NO FORCE ROW LEVEL SECURITY",
            "DROP POLICY second_wall ON register_household",
            "CREATE POLICY mine ON register_household USING (true)",
            "DROP TABLE register_household",
            "TRUNCATE register_household CASCADE",
            "DELETE FROM register_household",
            "CREATE TABLE mine (id int)",
            "CREATE FUNCTION lika_data_years(text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "SET ROLE lika",
            "SET SESSION AUTHORIZATION lika",
            "ALTER ROLE lika_web BYPASSRLS",
            "SELECT * FROM snapshots_currentverdict_c621223",
            "SELECT * FROM core_auditentry",
            "UPDATE core_auditentry SET actor = 'x'",
            "DELETE FROM core_auditentry",
            "SELECT * FROM core_auditlink",
        ],
    )
    def test_what_belongs_to_the_owner_is_refused(self, web: psycopg.Connection, statement: str) -> None:
        tell(web, OF_A)
        with pytest.raises(errors.InsufficientPrivilege):
            web.execute(statement)

    def test_turning_row_security_off_is_an_error_and_no_way_round(self, web: psycopg.Connection) -> None:
        web.execute("SET row_security = off")
        with pytest.raises(errors.InsufficientPrivilege):
            web.execute("SELECT * FROM register_household")


class TestDoors:
    def test_names_are_found_within_the_bounds(self, web: psycopg.Connection) -> None:
        tell(web, OF_A)
        found = "SELECT p.name FROM lika_persons_named(ARRAY['演', '示'], '演示') f JOIN register_person p ON p.id = f"
        assert rows(web, found) == ["演示A1"]
        assert len(rows(web, "SELECT lika_persons_named(ARRAY['演', '示'], '演示')")) == 1
        assert len(rows(web, "SELECT lika_persons_spelt('yanshi')")) == 1
        tell(web, NOTHING)
        assert rows(web, "SELECT lika_persons_named(ARRAY['演', '示'], '演示')") == []
        assert rows(web, "SELECT lika_persons_spelt('yanshi')") == []

    def test_years_of_the_county_are_told_to_its_villages(self, web: psycopg.Connection) -> None:
        tell(web, OF_A)
        county = "SELECT lika_data_years(ARRAY[621223000000], ARRAY[621223999999])"
        assert rows(web, county) == [make.YEAR]

    def test_traces_are_told_of_households_within_the_bounds(
        self, web: psycopg.Connection, two: tuple[Household, Household]
    ) -> None:
        with transaction.atomic():
            for home in two:
                reveal_household(
                    by=make.make_actor(), household=home.id, field=HouseholdSecret.PHONE, reason=home.number
                )
        asked = " UNION ALL ".join(f"SELECT reason FROM lika_household_traces('{home.id}')" for home in two)
        tell(web, OF_A)
        assert rows(web, asked) == ["A1"]
        tell(web, Bounds(households=frozenset({two[1].id})))
        assert rows(web, asked) == ["B1"]
        tell(web, NOTHING)
        assert rows(web, asked) == []

    def test_an_account_keeper_gives_sight_of_a_household_not_seen(self, two: tuple[Household, Household]) -> None:
        keeper, helper = official(Role.ADMINISTRATOR), official(Role.HELPER)
        by = actor_of(keeper)
        with web_role(), told(by.bounds):
            assert list(Household.objects.all()) == []
            given = actions.grant_sight(
                by=by, official=helper.official, number="B1", purpose="帮扶", valid_from=make.AT, valid_to=None
            )
        assert given.household_id == two[1].id

    def test_doors_have_a_fixed_search_path_and_are_open_to_the_web_role_alone(self, db: None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT proname, prosecdef, proconfig[1] LIKE 'search_path=%%pg_temp', "
                "has_function_privilege('public', oid, 'EXECUTE'), has_function_privilege(%s, oid, 'EXECUTE') "
                "FROM pg_proc WHERE proname LIKE 'lika\\_%%'",
                [settings.WEB_DATABASE.user],
            )
            found = {name: tuple(rest) for name, *rest in cursor.fetchall()}
        assert found == {door.signature.partition("(")[0]: (True, True, False, True) for door in DOORS}


class TestTelling:
    """The bounds reach every statement, inside and outside transactions."""

    def seen(self) -> list[str]:
        return sorted(Household.objects.values_list("number", flat=True))

    def test_statements_by_themselves_and_in_transactions(self, two: tuple[Household, Household]) -> None:
        with web_role():
            assert self.seen() == []
            with told(OF_A):
                assert self.seen() == ["A1"]
                with transaction.atomic():
                    assert self.seen() == ["A1"]
                with transaction.atomic():
                    assert self.seen() == ["A1"]
            assert self.seen() == []

    def test_a_function_that_is_a_transaction_each_time(self, two: tuple[Household, Household]) -> None:
        atomically = transaction.atomic(self.seen)
        with web_role(), told(OF_A):
            assert [atomically(), atomically()] == [["A1"], ["A1"]]

    def test_a_rollback_inside_leaves_the_bounds(self, two: tuple[Household, Household]) -> None:
        with web_role(), told(OF_A), transaction.atomic():
            point = transaction.savepoint()
            assert self.seen() == ["A1"]
            transaction.savepoint_rollback(point)
            assert self.seen() == ["A1"]

    def test_inside_a_transaction_of_the_caller_they_end_with_the_block(self, two: tuple[Household, Household]) -> None:
        with web_role(), transaction.atomic():
            with told(OF_A):
                assert self.seen() == ["A1"]
            assert self.seen() == []

    def test_parts_that_are_made_while_they_are_sent(self, two: tuple[Household, Household]) -> None:
        def parts() -> Iterator[list[str]]:
            yield self.seen()
            yield self.seen()

        with web_role():
            assert list(told_throughout(OF_A, parts())) == [["A1"], ["A1"]]
            assert self.seen() == []

    def test_another_thread_has_its_own(self, two: tuple[Household, Household]) -> None:
        found: list[list[str]] = []

        def other() -> None:
            with web_role():
                found.append(self.seen())
            connections.close_all()

        with web_role(), told(OF_A):
            thread = threading.Thread(target=other)
            thread.start()
            thread.join()
            assert (self.seen(), found) == (["A1"], [[]])

    def test_a_query_that_forgets_its_condition_shows_a_reader_what_is_theirs(
        self, two: tuple[Household, Household], rf: RequestFactory
    ) -> None:
        def careless(_request: object) -> HttpResponse:
            return HttpResponse(",".join(self.seen()))

        def careless_stream(_request: object) -> StreamingHttpResponse:
            return StreamingHttpResponse(number for number in self.seen())

        request = rf.get("/")
        request.user = official(Role.VILLAGE)
        with web_role():
            assert within_bounds(careless)(request).content == b"A1"
            assert b"".join(within_bounds(careless_stream)(request).streaming_content) == b"A1"

    def test_a_page_tells_its_bounds_once(self, two: tuple[Household, Household]) -> None:
        from django.test.utils import CaptureQueriesContext

        client: Client = signed_in(Role.COUNTY)
        client.get("/households/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/households/").status_code == 200
        assert [sql.count("set_config") for sql in statements(captured) if "set_config" in sql] == [3]


class TestDeclaration:
    def test_every_table_has_its_line_and_a_condition_or_a_reason(self, db: None) -> None:
        assert set(connection.introspection.django_table_names()) - set(TABLES) == set()
        assert [table for table, rule in TABLES.items() if bool(rule.rows) == bool(rule.because)] == []

    def test_what_points_at_a_household_or_person_has_a_condition(self) -> None:
        """Directly or through another table, by a foreign key or by the name of a column."""
        private = {"register_household", "register_person"}
        found: set[str] = set()
        while found != private:
            found = set(private)
            private |= {
                model._meta.db_table
                for model in apps.get_models()
                for field in model._meta.concrete_fields
                if field.name in ("household_id", "person_id")
                or (field.related_model is not None and field.related_model._meta.db_table in found)
            }
        reasoned = {"accounts_grant"}  # whom an official may see; it holds an id and tells nothing of the household
        assert {table for table in private - reasoned if not TABLES[table].rows} == set()
        assert StatusEvent._meta.db_table in private

    def test_the_wall_stands_after_migrating(self, db: None) -> None:
        assert wall.state(settings.WEB_DATABASE.user) == wall.State()

    def test_what_is_taken_down_is_told(self, db: None) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE register_person DISABLE ROW LEVEL SECURITY")
            cursor.execute("CREATE TABLE register_newcomer (household_id uuid)")
            cursor.execute(f"CREATE TABLE theirs (); ALTER TABLE theirs OWNER TO {settings.WEB_DATABASE.user}")
        assert wall.state(settings.WEB_DATABASE.user) == wall.State(
            owned=("theirs",), open_tables=("register_person",), unsaid=("register_newcomer", "theirs")
        )
        assert wall.state("lika_nobody") == wall.State(missing=True)
        assert wall.state(str(connection.settings_dict["USER"])).powerful
        assert not wall.state(settings.WEB_DATABASE.user)

    def test_building_it_again_mends_it(self, db: None) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE register_person DISABLE ROW LEVEL SECURITY")
            cursor.execute(f"GRANT SELECT ON core_auditentry TO {settings.WEB_DATABASE.user}")
        assert wall.build(settings.WEB_DATABASE.user)
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege(%s, 'core_auditentry', 'SELECT')", [settings.WEB_DATABASE.user])
            assert cursor.fetchone() == (False,)
        assert wall.state(settings.WEB_DATABASE.user) == wall.State()


def test_pages_are_never_served_as_the_owner() -> None:
    """The entry of any WSGI server names the settings of the web role, whatever the environment says."""
    entry = (Path(settings.PACKAGE) / "config/wsgi.py").read_text()
    assert 'os.environ["DJANGO_SETTINGS_MODULE"] = "lika.config.web"' in entry
