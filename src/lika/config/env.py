"""The configuration of an installation: `LIKA_*` variables, or a file `lika.toml`, read strictly.

The environment wins over the file. Every fault is found at start, all at once, each with a hint.
Secrets come as values, from files named by `…_FILE`, or, for an installation on the embedded
database, from `<data folder>/keys/`, where they are made once.
"""

import difflib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from lika.config import values
from lika.config.secrets import read_secrets
from lika.runtime.faults import StartFault, StartFaults, Words

T = TypeVar("T")

# A file of this name in the data folder marks an installation that holds invented data, however it is started.
DEMONSTRATION_MARK = "demonstration"

# name -> what it is, for `lika doctor` and the hint on a misspelt name
VARIABLES: Mapping[str, Words] = {
    "LIKA_HOME": Words(
        "安装目录（lika.toml 与数据目录所在）", "where lika.toml and the data folder are (default: here)"
    ),
    "LIKA_CONFIG": Words("配置文件（缺省为安装目录的 lika.toml）", "configuration file (default: lika.toml there)"),
    "LIKA_DATABASE_URL": Words("PostgreSQL 地址；不设则使用内置数据库", "PostgreSQL address; unset: the embedded one"),
    "LIKA_WEB_DATABASE_URL": Words(
        "网页服务连接数据库的地址（受行级安全约束的角色）；使用内置数据库时无需设置",
        "PostgreSQL address for serving pages (a role held by row-level security); not needed with the embedded one",
    ),
    "LIKA_PORTAL_DATABASE_URL": Words(
        "公开网页单独运行时连接数据库的地址（只能读取已公开内容的角色）；使用内置数据库时无需设置",
        "PostgreSQL address for the public pages in a process of their own (a role that reads what was published and "
        "nothing else); not needed with the embedded one",
    ),
    "LIKA_DATA_DIR": Words("数据目录", "data folder"),
    "LIKA_SECRET_KEY": Words("会话签名密钥", "key that signs sessions"),
    "LIKA_SECRET_KEY_FILE": Words("会话签名密钥所在文件", "file with the key that signs sessions"),
    "LIKA_MASTER_KEY": Words("个人信息加密主密钥", "master key that encrypts personal data"),
    "LIKA_MASTER_KEY_FILE": Words("主密钥所在文件", "file with the master key"),
    "LIKA_LINKAGE_KEY": Words("上级下发的比对密钥", "linkage key given by the upper level"),
    "LIKA_LINKAGE_KEY_FILE": Words("比对密钥所在文件", "file with the linkage key"),
    "LIKA_DEBUG": Words("调试模式", "debug mode"),
    "LIKA_DEMO": Words("演示模式（页面标明演示数据）", "demonstration (pages are marked so)"),
    "LIKA_ALLOWED_HOSTS": Words("允许访问的主机名，逗号分隔", "host names served, separated by commas"),
    "LIKA_HTTPS": Words("仅通过 HTTPS 访问", "reached by HTTPS only"),
    "LIKA_HOST": Words("监听地址", "address to listen on"),
    "LIKA_PORT": Words("监听端口", "port to listen on"),
    "LIKA_WEB_WORKERS": Words("网页服务进程数", "number of web processes"),
    "LIKA_SIGNIN_TRIES": Words("登录连续失败几次后暂停登录", "how many failed attempts close sign-in for a while"),
    "LIKA_SIGNIN_MINUTES": Words("暂停登录的分钟数", "for how many minutes"),
    "LIKA_SESSION_HOURS": Words("登录有效小时数", "after how many hours one signs in anew"),
    "LIKA_SECOND_FACTOR_ROLES": Words(
        "必须两步登录的角色，逗号分隔（如 county,administrator）；不设则自愿",
        "roles that must sign in by two steps, separated by commas (county,administrator); unset: each decides",
    ),
    "LIKA_DOCUMENT_MEGABYTES": Words("单个材料文件的大小上限（MB）", "how large one document may be (MB)"),
    "LIKA_NAMES_ALONE": Words(
        "一人可单独导出的含姓名名单行数上限；超过须两人",
        "rows with names that one official may export alone; more take two",
    ),
    "LIKA_VILLAGES_AT_ONCE": Words(
        "一项工作在页面上当即办理的村数上限；超过的在后台逐县办理",
        "villages of a campaign that a page opens at once; more are opened in the background, county by county",
    ),
    "LIKA_PAPERS_AT_ONCE": Words(
        "一批案件的卷宗中随卷打印的单户材料份数上限；超过的在各案件卷宗中打印",
        "papers of single cases that are printed into the file of a batch; more are printed in the files of the cases",
    ),
    "LIKA_PACKS_DIR": Words("政策包目录", "folder of policy packs"),
    "LIKA_MAP_LICENCE": Words("地图审图号；不设则标注内部示意", "map approval number (审图号); unset: internal sketch"),
    "LIKA_OFFICE_PHONES": Words(
        "公开网页上各地扶贫办电话：区划代码=电话，逗号分隔；不设则标明待补充",
        "telephones on the public pages: division code=telephone, separated by commas; unset: said to be missing",
    ),
    "LIKA_LANG": Words("命令行语言：zh 或 en", "language of the command line: zh or en"),
    "LIKA_REQUIRE_BROWSER": Words("测试时必须有浏览器", "tests may not skip the browser"),
    "LIKA_REQUIRE_SPARK": Words("测试时必须有 Spark", "tests may not skip Spark"),
}


NO_PHONES: tuple[tuple[str, str], ...] = ()

# Read before the file is, or not by Lika itself.
_NOT_IN_FILE = {"LIKA_HOME", "LIKA_CONFIG", "LIKA_LANG", "LIKA_REQUIRE_BROWSER", "LIKA_REQUIRE_SPARK"}


@dataclass(frozen=True)
class Configuration:
    """A valid configuration. Keys are bytes, ready for use."""

    database: values.DatabaseAddress | None
    web_database: values.DatabaseAddress | None
    portal_database: values.DatabaseAddress | None
    data_dir: Path
    secret_key: str
    master_key: bytes
    linkage_key: bytes
    debug: bool
    demo: bool
    https: bool
    allowed_hosts: list[str]
    host: str
    port: int
    web_workers: int
    packs_dir: Path
    map_licence: str
    office_phones: tuple[tuple[str, str], ...]
    master_key_file: Path | None = None
    signin_tries: int = 5
    signin_minutes: int = 15
    session_hours: int = 8
    document_megabytes: int = 10
    names_alone: int = 500
    villages_at_once: int = 500
    papers_at_once: int = 200
    second_factor_roles: frozenset[str] = frozenset()


def load(
    environ: Mapping[str, str], *, cwd: Path, initialised: Callable[[Path], bool] = lambda data_dir: False
) -> Configuration:
    """The configuration, or `StartFaults` (CFG-001 … CFG-009) with everything that is wrong.

    `initialised` tells whether a data folder already holds an embedded database: then missing keys
    are an error, for new ones could not open the data.
    """
    faults: list[StartFault] = []
    given = _gather(environ, cwd, faults)

    def read(name: str, parse: Callable[[str, str], T], default: T) -> T:
        if not given.get(name):
            return default
        try:
            return parse(name, given[name])
        except StartFault as fault:
            faults.append(fault)
            return default

    read("LIKA_LANG", values.language, "")
    database = read("LIKA_DATABASE_URL", values.database_address, None)
    web_database = read("LIKA_WEB_DATABASE_URL", values.database_address, None)
    portal_database = read("LIKA_PORTAL_DATABASE_URL", values.database_address, None)
    faults += _same_database("LIKA_WEB_DATABASE_URL", database, web_database)
    faults += _same_database("LIKA_PORTAL_DATABASE_URL", database, portal_database)
    data_dir = read("LIKA_DATA_DIR", values.folder, home(environ, cwd) / "var")
    plain: dict[str, Any] = {
        "debug": read("LIKA_DEBUG", values.boolean, False),
        "demo": read("LIKA_DEMO", values.boolean, (data_dir / DEMONSTRATION_MARK).is_file()),
        "https": read("LIKA_HTTPS", values.boolean, False),
        "allowed_hosts": read("LIKA_ALLOWED_HOSTS", values.host_names, ["localhost", "127.0.0.1", "[::1]"]),
        "host": read("LIKA_HOST", values.text, "127.0.0.1"),
        "port": read("LIKA_PORT", values.port, 8000),
        "web_workers": read("LIKA_WEB_WORKERS", values.count, 1),
        "packs_dir": read("LIKA_PACKS_DIR", values.existing_folder, default_packs_dir()),
        "signin_tries": read("LIKA_SIGNIN_TRIES", values.count, 5),
        "signin_minutes": read("LIKA_SIGNIN_MINUTES", values.count, 15),
        "session_hours": read("LIKA_SESSION_HOURS", values.hours, 8),
        "second_factor_roles": read("LIKA_SECOND_FACTOR_ROLES", values.roles, frozenset[str]()),
        "document_megabytes": read("LIKA_DOCUMENT_MEGABYTES", values.count, 10),
        "names_alone": read("LIKA_NAMES_ALONE", values.count, 500),
        "villages_at_once": read("LIKA_VILLAGES_AT_ONCE", values.count, 500),
        "papers_at_once": read("LIKA_PAPERS_AT_ONCE", values.count, 200),
        "map_licence": read("LIKA_MAP_LICENCE", values.text, ""),
        "office_phones": read("LIKA_OFFICE_PHONES", values.phones, NO_PHONES),
        "portal_database": portal_database,
    }
    if faults:  # keys are made only for a configuration that is otherwise sound
        raise StartFaults(faults)
    secrets = read_secrets(
        given, data_dir / "keys", may_create=lambda: database is None and not initialised(data_dir), faults=faults
    )
    if faults:
        raise StartFaults(faults)
    return Configuration(database=database, web_database=web_database, data_dir=data_dir, **plain, **secrets)


def _same_database(
    name: str, owner: values.DatabaseAddress | None, web: values.DatabaseAddress | None
) -> list[StartFault]:
    """Pages are served from the database of the commands, and by another role: else there is no second wall."""
    if web is None or (owner is not None and owner.name == web.name and owner.user != web.user):
        return []
    return [
        StartFault(
            "CFG-009",
            Words(
                f"{name} 须指向 LIKA_DATABASE_URL 的同一数据库，并使用另一角色。",
                f"{name} must name the database of LIKA_DATABASE_URL, with another role.",
            ),
            Words(
                "请两者都设，只换用户名和密码；使用内置数据库时两者都不设。",
                "Set both, with another user and password; with the embedded database set neither.",
            ),
        )
    ]


def home(environ: Mapping[str, str], cwd: Path) -> Path:
    """The folder named by LIKA_HOME, else the checkout when Lika runs from one, else where it was started."""
    if named := environ.get("LIKA_HOME"):
        return Path(named).expanduser()
    checkout = Path(__file__).resolve().parents[3]
    return checkout if (checkout / "pyproject.toml").is_file() else cwd


def default_packs_dir() -> Path:
    """The packs of the checkout, or those that were installed with the package."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_packs"
    return installed if installed.is_dir() else package.parents[1] / "packs"


def _gather(environ: Mapping[str, str], cwd: Path, faults: list[StartFault]) -> dict[str, str]:
    """Names and raw texts from the file and, above it, the environment; unknown names are faults."""
    from_file = _read_file(environ, cwd, faults)
    given = {**from_file, **{name: value for name, value in environ.items() if name.startswith("LIKA_")}}
    faults += [_unknown(name) for name in sorted(set(given) - set(VARIABLES))]
    faults += [_not_in_file(name) for name in sorted(set(from_file) & _NOT_IN_FILE)]
    return {name: value for name, value in given.items() if name in VARIABLES}


def _unknown(name: str) -> StartFault:
    near = difflib.get_close_matches(name, VARIABLES, n=1)
    return StartFault(
        "CFG-001",
        Words(f"未知的配置项 {name}。", f"{name} is not a setting of Lika."),
        Words(f"是否为 {near[0]}？", f"Did you mean {near[0]}?")
        if near
        else Words(
            "请运行 lika doctor --settings-list 查看全部配置项。", "lika doctor --settings-list lists all settings."
        ),
    )


def _not_in_file(name: str) -> StartFault:
    return StartFault(
        "CFG-008",
        Words(f"{name} 不能写在配置文件中。", f"{name} cannot stand in the configuration file."),
        Words("请设为环境变量。", "Set it in the environment."),
    )


def _read_file(environ: Mapping[str, str], cwd: Path, faults: list[StartFault]) -> dict[str, str]:
    named = environ.get("LIKA_CONFIG")
    path = Path(named).expanduser() if named else home(environ, cwd) / "lika.toml"
    if not named and not path.is_file():
        return {}
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(
            StartFault(
                "CFG-002",
                Words(f"无法读取配置文件 {path}：{error}", f"The configuration file {path} cannot be read: {error}"),
                Words("请更正该文件或 LIKA_CONFIG。", "Correct the file, or LIKA_CONFIG."),
            )
        )
        return {}
    return {f"LIKA_{key.upper()}": _as_text(value) for key, value in content.items()}


def _as_text(value: Any) -> str:
    """A TOML value as the text that the variable of the same name would hold."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return ",".join(str(item) for item in value)
    return str(value)
