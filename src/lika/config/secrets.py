"""The three secrets of an installation: given, named by a file, or made once for a local one."""

import base64
import binascii
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lika.runtime.faults import StartFault, Words
from lika.runtime.locks import exclusive

KEY_BYTES = 32
_MIN_SECRET_KEY = 40


@dataclass(frozen=True)
class Secret:
    """A secret, the variable that gives it and the file it is kept in."""

    field: str
    variable: str
    file_name: str
    parse: Callable[[str, str], Any]


def _signing_key(variable: str, value: str) -> str:
    if len(value) < _MIN_SECRET_KEY:
        raise StartFault(
            "CFG-005",
            Words(
                f"{variable} 太短（少于 {_MIN_SECRET_KEY} 个字符）。",
                f"{variable} is shorter than {_MIN_SECRET_KEY} characters.",
            ),
            _how_to_make(variable),
        )
    return value


def _key_bytes(variable: str, value: str) -> bytes:
    try:
        key = base64.b64decode(value.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise StartFault(
            "CFG-005",
            Words(f"{variable} 不是 {KEY_BYTES} 字节的 Base64。", f"{variable} is not {KEY_BYTES} bytes in Base64."),
            _how_to_make(variable),
        )
    return key


SECRETS = (
    Secret("secret_key", "LIKA_SECRET_KEY", "secret.key", _signing_key),
    Secret("master_key", "LIKA_MASTER_KEY", "master.key", _key_bytes),
    Secret("linkage_key", "LIKA_LINKAGE_KEY", "linkage.key", _key_bytes),
)


def new_key() -> str:
    """A fresh random key as text, fit for each of the three."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def read_secrets(
    given: Mapping[str, str], keys_dir: Path, *, may_create: Callable[[], bool], faults: list[StartFault]
) -> dict[str, Any]:
    """The secrets by field name, and where the master key lies (None: given as a value).

    Faults (CFG-005 … CFG-007) are added to `faults`, never a secret's value.
    """
    found: dict[str, Any] = {}
    for secret in SECRETS:
        try:
            text, file = _find(secret, given, keys_dir, may_create)
            found[secret.field] = secret.parse(secret.variable, text)
            if secret.field == "master_key":
                found["master_key_file"] = file  # a rotation changes it there
        except StartFault as fault:
            faults.append(fault)
        except OSError as error:
            faults.append(_unreadable(secret, Path(str(error.filename)), error))
    return found


def _find(
    secret: Secret, given: Mapping[str, str], keys_dir: Path, may_create: Callable[[], bool]
) -> tuple[str, Path | None]:
    """The text of a secret, and the file that it came from."""
    value, file = given.get(secret.variable), given.get(secret.variable + "_FILE")
    if value and file:
        raise StartFault(
            "CFG-006",
            Words(
                f"同时设置了 {secret.variable} 和 {secret.variable}_FILE。",
                f"{secret.variable} and {secret.variable}_FILE are both set.",
            ),
            Words("请只保留一个。", "Keep one of them."),
        )
    if value:
        return value, None
    kept = Path(file).expanduser() if file else keys_dir / secret.file_name
    if file or kept.exists():
        return _read(secret, kept), kept
    if may_create():
        return _make(kept), kept
    raise StartFault(
        "CFG-007",
        Words(f"缺少 {secret.variable}。", f"{secret.variable} is missing."),
        Words(
            f"请设置 {secret.variable}_FILE；如数据已存在，须从备份恢复原密钥文件 {kept}，新密钥无法解密旧数据。",
            f"Set {secret.variable}_FILE; where data exist, restore {kept} from backup: a new key cannot read them.",
        ),
    )


def _read(secret: Secret, path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except UnicodeDecodeError as error:
        raise _unreadable(secret, path, error) from error


def _unreadable(secret: Secret, path: Path, error: Exception) -> StartFault:
    return StartFault(
        "CFG-006",
        Words(
            f"无法读写密钥文件 {path}（{type(error).__name__}）。",
            f"The key file {path} is unreadable ({type(error).__name__}).",
        ),
        Words(
            f"请核对 {secret.variable}_FILE、文件权限和当前用户。",
            f"Check {secret.variable}_FILE, the file's mode and who you are.",
        ),
    )


def _make(path: Path) -> str:
    """Make a key file of mode 600; of two processes that try at once, one makes it and both read it."""
    path.parent.parent.mkdir(parents=True, exist_ok=True)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with exclusive(path.parent / ".lock"):
        if not path.exists():
            scratch = path.with_suffix(".new")
            scratch.unlink(missing_ok=True)
            handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(new_key() + "\n")
                file.flush()
                os.fsync(handle)
            scratch.rename(path)
        return path.read_text(encoding="ascii").strip()


def _how_to_make(variable: str) -> Words:
    command = "python3 -c 'import base64, secrets; print(base64.b64encode(secrets.token_bytes(32)).decode())'"
    return Words(f"可用此命令生成：{command}", f"Make one with: {command}")
