"""The database: whether it answers, is up to date, is walled, and opens under the keys given."""

from collections.abc import Iterator

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lika.console.doctor import work
from lika.console.doctor.finding import Finding, State, both
from lika.core import crypto, wall
from lika.core.errors import UserError
from lika.core.models import DataKey
from lika.runtime.faults import StartFault, Words, no_portal_role, no_web_role
from lika.runtime.postgres import EmbeddedServer

OLDEST_POSTGRES = 150000


def examine_database(server: EmbeddedServer | None) -> Iterator[Finding]:
    """Each presupposes the one before it, so the first bad one is the last."""
    for check in (lambda: _database(server), _migrations, _second_wall, _portal, _master_key):
        finding = check()
        yield finding
        if finding.state is State.BAD:
            return
    yield from work.examine_work()


def pending_migrations() -> int:
    """How many changes of the schema the database lacks."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _database(server: EmbeddedServer | None) -> Finding:
    subject = Words("数据库", "database")
    try:
        if server is not None:
            server.start()
        connection.ensure_connection()
    except StartFault as fault:
        return Finding(State.BAD, subject, fault.message, fault.remedy)
    except DatabaseError as error:
        return Finding(
            State.BAD,
            subject,
            Words(f"无法连接：{error}", f"no connection: {error}"),
            Words("请核对 LIKA_DATABASE_URL，确认数据库已启动。", "Check LIKA_DATABASE_URL and that the server runs."),
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name LIKE 'server_%'")
        server_settings = dict(cursor.fetchall())
    version, encoding = server_settings["server_version"], server_settings["server_encoding"]
    if int(server_settings["server_version_num"]) < OLDEST_POSTGRES or encoding != "UTF8":
        return Finding(
            State.BAD,
            subject,
            both(f"PostgreSQL {version}, {encoding}"),
            Words("需要 PostgreSQL 15 以上、UTF8 编码。", "Lika needs PostgreSQL 15 or newer, encoding UTF8."),
        )
    where = f", {server.cluster}" if server is not None else ""
    return Finding(State.GOOD, subject, both(f"PostgreSQL {version}, {encoding}{where}"))


def _migrations() -> Finding:
    subject = Words("数据库结构", "schema")
    missing = pending_migrations()
    if missing:
        return Finding(
            State.BAD,
            subject,
            Words(f"有 {missing} 项未更新", f"{missing} migrations are missing"),
            Words("请运行 lika migrate。", "Run lika migrate."),
        )
    return Finding(State.GOOD, subject, Words("最新", "up to date"))


def _second_wall() -> Finding:
    """Which role serves pages, and what stands between it and the rows."""
    subject = Words("第二道墙", "second wall")
    if settings.WEB_DATABASE is None:
        fault = no_web_role()
        return Finding(State.BAD, subject, fault.message, fault.remedy)
    role = settings.WEB_DATABASE.user
    found = wall.state(role)
    if found:
        return Finding(
            State.GOOD,
            subject,
            Words(f"网页以角色 {role} 访问，受行级安全约束", f"pages are served as {role}, held by row-level security"),
        )
    names = ", ".join((*found.open_tables, *found.unsaid))
    if found.missing:
        return Finding(
            State.BAD,
            subject,
            Words(f"没有角色 {role}", f"there is no role {role}"),
            Words(
                f"请执行 CREATE ROLE {role} LOGIN，再运行 lika migrate。",
                f"Run CREATE ROLE {role} LOGIN, then lika migrate.",
            ),
        )
    if found.powerful or found.owned:
        return Finding(
            State.BAD,
            subject,
            Words(f"角色 {role} 权限过大", f"the role {role} holds too much"),
            Words(
                "该角色不得为超级用户、不得绕过行级安全、不得建表或属于所有者角色。",
                "It must not be a superuser, bypass row-level security, make tables, or belong to the owner.",
            ),
        )
    return Finding(
        State.BAD,
        subject,
        Words(f"未受保护的数据表：{names}", f"tables that stand open: {names}"),
        Words("请运行 lika migrate。", "Run lika migrate."),
    )


def _portal() -> Finding:
    """As whom strangers are answered; a restore and a new table both pass through here."""
    subject = Words("公开网页", "public pages")
    if settings.PORTAL_DATABASE is None:
        fault = no_portal_role()
        return Finding(State.DOUBTFUL, subject, fault.message, fault.remedy)
    role = settings.PORTAL_DATABASE.user
    if wall.portal_stands(role):
        return Finding(
            State.GOOD,
            subject,
            Words(f"以角色 {role} 提供，只能读取公开内容", f"served as {role}, which reads what was published alone"),
        )
    return Finding(
        State.BAD,
        subject,
        Words(
            f"角色 {role} 不存在，或其可读取的不恰为公开内容",
            f"the role {role} is missing, or reaches other than what was published",
        ),
        Words("请运行 lika migrate。", "Run lika migrate."),
    )


def _master_key() -> Finding:
    subject = Words("主密钥", "master key")
    if not DataKey.objects.exists():
        return Finding(State.GOOD, subject, Words("尚无加密数据", "nothing is encrypted yet"))
    try:
        crypto.encrypt("", b"")
    except UserError as error:
        return Finding(State.BAD, subject, both(str(error.message)), both(str(error.remedy)))
    return Finding(State.GOOD, subject, Words("可打开本数据库", "opens this database"))
