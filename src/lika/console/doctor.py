"""What `lika doctor` looks at. Each check answers for itself and says what to do."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core import checks as system_checks
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lika.core import crypto, wall
from lika.core.errors import UserError
from lika.core.models import DataKey
from lika.runtime.faults import StartFault, Words, no_web_role
from lika.runtime.postgres import EmbeddedServer
from lika.runtime.translations import PACKAGE, stale_catalogues

OLDEST_POSTGRES = 150000
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
ASSETS = (
    "vendor/tabler/tabler.min.css",
    "vendor/tabler/tabler.min.js",
    "vendor/echarts/echarts.min.js",
    "django_htmx/htmx-2.min.js",
)


class State(Enum):
    """How a check ended."""

    GOOD = "✓"
    DOUBTFUL = "!"
    BAD = "✗"


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    state: State
    subject: Words
    detail: Words
    remedy: Words | None = None


def examine() -> Iterator[Finding]:
    """All findings, in the order in which to mend them. The configuration itself was checked before this."""
    yield _configuration()
    yield _keys()
    yield _exposure()
    server = EmbeddedServer(settings.LIKA.data_dir) if settings.LIKA.database is None else None
    try:
        yield from _database_findings(server)
    finally:
        connection.close()
        if server is not None:
            server.release()
    yield _packs()
    yield _assets()
    yield _translations()
    yield _system_checks()


def pending_migrations() -> int:
    """How many changes of the schema the database lacks."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _database_findings(server: EmbeddedServer | None) -> Iterator[Finding]:
    """Each presupposes the one before it, so the first bad one is the last."""
    for check in (lambda: _database(server), _migrations, _second_wall, _master_key):
        finding = check()
        yield finding
        if finding.state is State.BAD:
            return


def _both(text: str) -> Words:
    return Words(text, text)


def _configuration() -> Finding:
    subject = Words("配置", "configuration")
    where = settings.LIKA.data_dir
    try:
        where.mkdir(parents=True, exist_ok=True)
        writable = os.access(where, os.W_OK | os.X_OK)
    except OSError:
        writable = False
    if not writable:
        return Finding(
            State.BAD,
            subject,
            Words(f"数据目录 {where} 不可写", f"the data folder {where} cannot be written"),
            Words("请改用可写目录（LIKA_DATA_DIR）。", "Name another folder in LIKA_DATA_DIR."),
        )
    return Finding(State.GOOD, subject, Words(f"有效，数据目录 {where}", f"valid, data folder {where}"))


def _keys() -> Finding:
    subject = Words("密钥", "keys")
    keys = settings.LIKA.data_dir / "keys"
    open_to_others = [path.name for path in keys.glob("*.key") if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if open_to_others:
        return Finding(
            State.BAD,
            subject,
            Words(f"他人可读：{'、'.join(open_to_others)}", f"readable by others: {', '.join(open_to_others)}"),
            Words(f"请执行 chmod 600 {keys}/*.key", f"Run chmod 600 {keys}/*.key"),
        )
    if keys.is_dir():
        return Finding(
            State.GOOD,
            subject,
            Words(f"保存在 {keys}，务必另行备份", f"kept in {keys}; back them up apart from the data"),
        )
    return Finding(State.GOOD, subject, Words("由配置给出", "given by the configuration"))


def _exposure() -> Finding:
    subject = Words("访问方式", "exposure")
    if settings.LIKA.host in LOOPBACK:
        return Finding(State.GOOD, subject, Words("仅本机可访问", "reached from this machine only"))
    if settings.DEBUG:
        return Finding(
            State.BAD,
            subject,
            Words("调试模式对外开放", "debug mode is open to the network"),
            Words("请去掉 LIKA_DEBUG。", "Unset LIKA_DEBUG."),
        )
    if not settings.LIKA.https:
        return Finding(
            State.DOUBTFUL,
            subject,
            Words("未启用 HTTPS，密码将明文传输", "without HTTPS, passwords travel in the clear"),
            Words("请在反向代理上启用 HTTPS，并设 LIKA_HTTPS=1。", "Put HTTPS in front and set LIKA_HTTPS=1."),
        )
    return Finding(State.GOOD, subject, Words("HTTPS", "HTTPS"))


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
            _both(f"PostgreSQL {version}, {encoding}"),
            Words("需要 PostgreSQL 15 以上、UTF8 编码。", "Lika needs PostgreSQL 15 or newer, encoding UTF8."),
        )
    where = f", {server.cluster}" if server is not None else ""
    return Finding(State.GOOD, subject, _both(f"PostgreSQL {version}, {encoding}{where}"))


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


def _master_key() -> Finding:
    subject = Words("主密钥", "master key")
    if not DataKey.objects.exists():
        return Finding(State.GOOD, subject, Words("尚无加密数据", "nothing is encrypted yet"))
    try:
        crypto.encrypt("", b"")
    except UserError as error:
        return Finding(State.BAD, subject, _both(str(error.message)), _both(str(error.remedy)))
    return Finding(State.GOOD, subject, Words("可打开本数据库", "opens this database"))


def _packs() -> Finding:
    subject = Words("政策包", "policy packs")
    found = len(list(settings.LIKA.packs_dir.glob("**/pack.yaml")))
    if not found:
        return Finding(
            State.BAD,
            subject,
            Words(f"{settings.LIKA.packs_dir} 中没有政策包", f"no pack in {settings.LIKA.packs_dir}"),
            Words("请核对 LIKA_PACKS_DIR。", "Check LIKA_PACKS_DIR."),
        )
    return Finding(
        State.GOOD, subject, Words(f"{found} 个，于 {settings.LIKA.packs_dir}", f"{found} in {settings.LIKA.packs_dir}")
    )


def _assets() -> Finding:
    subject = Words("静态文件", "static files")
    missing = [name for name in ASSETS if finders.find(name) is None]
    if missing:
        return Finding(
            State.BAD,
            subject,
            Words(f"缺少：{'、'.join(missing)}", f"missing: {', '.join(missing)}"),
            Words("安装不完整，请重新安装。", "The installation is incomplete; install again."),
        )
    return Finding(State.GOOD, subject, Words("齐全", "complete"))


def _translations() -> Finding:
    subject = Words("翻译", "translations")
    stale = [str(path.relative_to(PACKAGE)) for path in stale_catalogues()]
    if stale:
        return Finding(
            State.DOUBTFUL,
            subject,
            Words(f"未编译：{'、'.join(stale)}", f"not compiled: {', '.join(stale)}"),
            Words("请以可写该目录的用户运行一次 lika。", "Run lika once as a user who may write there."),
        )
    return Finding(State.GOOD, subject, Words("已编译", "compiled"))


def _system_checks() -> Finding:
    subject = Words("系统检查", "system checks")
    faults = [message for message in system_checks.run_checks() if message.level >= system_checks.ERROR]
    if faults:
        return Finding(
            State.BAD,
            subject,
            _both("; ".join(f"{fault.id} {fault.msg}" for fault in faults)),
            Words("这是程序缺陷，请报告。", "This is a defect of the program; report it."),
        )
    return Finding(State.GOOD, subject, Words("无误", "no fault"))
