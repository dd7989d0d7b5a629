"""The place where Lika runs: configuration, keys, modes, space, files of the package."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core import checks as system_checks

from lika.console.doctor.finding import Finding, State, both
from lika.core import master
from lika.core.papers import missing_faces
from lika.runtime.faults import Words
from lika.runtime.translations import PACKAGE, stale_catalogues

# Below the first nothing new fits, below the second it will soon not: a county's backup has some hundred megabytes.
LEAST_BYTES, FEW_BYTES = 200 * 1024**2, 2 * 1024**3
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
ASSETS = (
    "vendor/tabler/tabler.min.css",
    "vendor/tabler/tabler.min.js",
    "vendor/echarts/echarts.min.js",
    "django_htmx/htmx-2.min.js",
)


def examine_ground() -> Iterator[Finding]:
    """What everything else stands on."""
    yield _configuration()
    yield _space()
    yield _modes()
    yield _keys()
    yield _rotation()
    yield _exposure()


def examine_package() -> Iterator[Finding]:
    """What was installed."""
    yield _packs()
    yield _assets()
    yield _faces()
    yield _translations()
    yield _system_checks()


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


def _space() -> Finding:
    subject = Words("磁盘空间", "disk space")
    free = shutil.disk_usage(_nearest(settings.LIKA.data_dir)).free
    told = both(f"{free / 1024**3:.1f} GiB")
    if free >= FEW_BYTES:
        return Finding(State.GOOD, subject, told)
    remedy = Words(
        "请腾出空间，或把数据目录移到更大的磁盘（LIKA_DATA_DIR）；数据目录下 backups 中的旧备份可移走。",
        "Make space, or move the data folder to a larger disk (LIKA_DATA_DIR); older archives in backups can go.",
    )
    return Finding(State.BAD if free < LEAST_BYTES else State.DOUBTFUL, subject, told, remedy)


def _nearest(path: Path) -> Path:
    """The folder itself, or the one above it that is there."""
    return next(each for each in (path, *path.parents) if each.exists())


def _modes() -> Finding:
    """Files of another user stop what runs as this one: a command was once run as root."""
    subject = Words("文件权限", "permissions")
    where = settings.LIKA.data_dir
    shut = [path.name for path in _own_entries(where) if not os.access(path, os.W_OK)]
    if shut:
        return Finding(
            State.BAD,
            subject,
            Words(f"当前用户不可写：{'、'.join(shut)}", f"this user may not write: {', '.join(shut)}"),
            Words(
                f"请以建立它们的用户运行，或执行 chown -R $(id -u) {where} 中的这些目录。",
                f"Run as the user who made them, or give them over: chown -R $(id -u) in {where}.",
            ),
        )
    open_ones = [path.name for path in _own_entries(where) if path.is_dir() and path.stat().st_mode & 0o002]
    if open_ones:
        return Finding(
            State.BAD,
            subject,
            Words(f"任何人可写：{'、'.join(open_ones)}", f"anybody may write: {', '.join(open_ones)}"),
            Words(f"请在 {where} 执行 chmod o-w。", f"Run chmod o-w on them in {where}."),
        )
    return Finding(State.GOOD, subject, Words("可写，未对他人开放", "writable, not open to others"))


def _own_entries(where: Path) -> list[Path]:
    """What Lika itself keeps in the data folder; the cluster belongs to the database's user."""
    if not where.is_dir():
        return []
    return sorted(path for path in where.iterdir() if not path.name.startswith("postgres"))


def _rotation() -> Finding:
    subject = Words("主密钥更换", "change of the master key")
    coming = master.coming()
    if coming is not None and coming.exists():
        return Finding(
            State.DOUBTFUL,
            subject,
            Words("上次更换中断未完，数据仍可读取", "the last one broke off; everything still opens"),
            Words("请再次运行 lika keys rotate。", "Run lika keys rotate again."),
        )
    return Finding(State.GOOD, subject, Words("没有未完成的更换", "none is under way"))


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


def _faces() -> Finding:
    subject = Words("打印字体", "faces of papers")
    if missing := missing_faces():
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
            both("; ".join(f"{fault.id} {fault.msg}" for fault in faults)),
            Words("这是程序缺陷，请报告。", "This is a defect of the program; report it."),
        )
    return Finding(State.GOOD, subject, Words("无误", "no fault"))
