"""Strict readers of single configuration values: a value or a `StartFault` that says what was expected."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from lika.runtime.faults import StartFault, Words

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}
_PLACE = re.compile(r"[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}")
_PHONE = re.compile(r"[0-9+][0-9 -]{2,19}")
# Those of `lika.accounts.choices.Role`: the configuration is read before any app is.
ROLES = frozenset(
    {
        *("village", "township", "county", "department", "prefecture", "province"),
        *("evaluator", "auditor", "helper", "administrator"),
    }
)
_HOST_NAME = re.compile(r"\*|\.?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")


@dataclass(frozen=True)
class DatabaseAddress:
    """A PostgreSQL address, taken apart for Django. The password is kept out of `repr`."""

    name: str
    user: str
    host: str
    port: str
    password: str = field(default="", repr=False)
    options: tuple[tuple[str, str], ...] = ()

    def for_django(self) -> dict[str, object]:
        """The entry of Django's DATABASES."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": self.name,
            "USER": self.user,
            "PASSWORD": self.password,
            "HOST": self.host,
            "PORT": self.port,
            "OPTIONS": dict(self.options),
        }


def database_address(name: str, value: str) -> DatabaseAddress:
    """`postgresql://user:password@host:port/database?option=value`; `host` may be an option (a socket folder)."""
    example = "postgresql://lika:password@db.example:5432/lika"
    parts = urlsplit(value)
    try:
        port = str(parts.port or "")
    except ValueError:
        port = None
    options = dict(parse_qsl(parts.query))
    database = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgresql", "postgres"} or not database or port is None:
        # The value itself is not repeated: it may hold a password.
        raise StartFault(
            "CFG-003",
            Words(f"{name} 不是 PostgreSQL 地址。", f"{name} is not a PostgreSQL address."),
            Words(f"格式：{example}", f"Write it like {example}"),
        )
    return DatabaseAddress(
        name=database,
        user=unquote(parts.username or "") or options.pop("user", ""),
        password=unquote(parts.password or "") or options.pop("password", ""),
        host=unquote(parts.hostname or "") or options.pop("host", ""),
        port=port or options.pop("port", ""),
        options=tuple(sorted(options.items())),
    )


def boolean(name: str, value: str) -> bool:
    """1/0, true/false, yes/no, on/off; nothing else."""
    lowered = value.strip().lower()
    if lowered in _TRUE | _FALSE:
        return lowered in _TRUE
    raise _expected(name, value, Words("1 或 0", "1 or 0"))


def port(name: str, value: str) -> int:
    """A TCP port, 1 to 65535."""
    if value.isascii() and value.isdigit() and 1 <= int(value) <= 65535:
        return int(value)
    raise _expected(name, value, Words("1 至 65535 的端口号", "a port from 1 to 65535"))


def count(name: str, value: str) -> int:
    """A whole number from 1 to 512."""
    if value.isascii() and value.isdigit() and 1 <= int(value) <= 512:
        return int(value)
    raise _expected(name, value, Words("1 至 512 的整数", "a whole number from 1 to 512"))


def hours(name: str, value: str) -> int:
    """A whole number from 1 to 24."""
    if value.isascii() and value.isdigit() and 1 <= int(value) <= 24:
        return int(value)
    raise _expected(name, value, Words("1 至 24 的整数", "a whole number from 1 to 24"))


def roles(name: str, value: str) -> frozenset[str]:
    """Names of roles, separated by commas."""
    names = frozenset(part.strip() for part in value.split(",") if part.strip())
    if names and names <= ROLES:
        return names
    known = ", ".join(sorted(ROLES))
    raise _expected(name, value, Words(f"逗号分隔的角色：{known}", f"roles separated by commas: {known}"))


def host_names(name: str, value: str) -> list[str]:
    """Names separated by commas; `*` serves every name."""
    names = [part.strip() for part in value.split(",") if part.strip()]
    if names and all(_HOST_NAME.fullmatch(part) for part in names):
        return names
    raise _expected(
        name,
        value,
        Words("逗号分隔的主机名，不含协议和端口", "host names separated by commas, without https:// and port"),
    )


def text(name: str, value: str) -> str:
    """Any text on one line."""
    if "\n" in value:
        raise _expected(name, value, Words("一行文字", "one line of text"))
    return value.strip()


def phones(name: str, value: str) -> tuple[tuple[str, str], ...]:
    """Telephones by place, `621223=0939-6121234, 62122310=…`: the beginning of a division code and the number."""
    pairs = [tuple(part.strip() for part in one.split("=")) for one in value.split(",") if one.strip()]
    if pairs and all(len(pair) == 2 and _PLACE.fullmatch(pair[0]) and _PHONE.fullmatch(pair[1]) for pair in pairs):
        return tuple((place, phone) for place, phone in pairs)
    raise _expected(name, value, Words("区划代码=电话，逗号分隔", "division code=telephone, separated by commas"))


def language(name: str, value: str) -> str:
    """zh or en."""
    if value in {"zh", "en"}:
        return value
    raise _expected(name, value, Words("zh 或 en", "zh or en"))


def folder(name: str, value: str) -> Path:
    """An absolute path, not yet present or a folder."""
    path = Path(value).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise _expected(name, value, Words("一个目录", "a folder"))
    return path


def existing_folder(name: str, value: str) -> Path:
    """An absolute path to a folder that is there."""
    path = Path(value).expanduser().absolute()
    if not path.is_dir():
        raise _expected(name, value, Words("已存在的目录", "a folder that exists"))
    return path


def _expected(name: str, value: str, what: Words) -> StartFault:
    return StartFault(
        "CFG-004",
        Words(f"{name} 的值“{value}”无效。", f"{name} has the value “{value}”, which is not valid."),
        Words(f"应为：{what.zh}。", f"Expected: {what.en}."),
    )
