"""What goes on and what should go on: the sealer, imports, backups."""

import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone

from lika.collection import claims
from lika.console.doctor.finding import Finding, State
from lika.core import safekeeping, sealing
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.permissions import Permission
from lika.core.sealing import heads, signing
from lika.register.queries import document_stock
from lika.runtime.faults import Words

KEPT_WITHIN = dt.timedelta(days=7)


def examine_work() -> Iterator[Finding]:
    """In the order in which to mend them."""
    yield _restore()
    yield _signing_key()
    yield _tail()
    yield _imports()
    yield _documents()
    yield _backup()


def _restore() -> Finding:
    subject = Words("恢复", "restore")
    begun = safekeeping.interrupted()
    if begun is None:
        return Finding(State.GOOD, subject, Words("没有未完成的恢复", "none broke off"))
    return Finding(
        State.BAD,
        subject,
        Words(f"备份 {begun[:12]} 的恢复中断未完", f"the restore of archive {begun[:12]} broke off"),
        Words("请用同一备份再次运行 lika restore。", "Run lika restore with the same archive again."),
    )


def _signing_key() -> Finding:
    subject = Words("审计签名密钥", "signing key of the audit")
    if signing.key_file().exists():
        return Finding(State.GOOD, subject, Words("就位", "in its place"))
    if not heads.newest():
        return Finding(State.GOOD, subject, Words("首次封存时生成", "made at the first sealing"))
    return Finding(
        State.BAD,
        subject,
        Words(f"缺少 {signing.key_file()}", f"{signing.key_file()} is missing"),
        Words("请从另行保管的密钥中恢复该文件。", "Put it back from the keys that were kept apart."),
    )


def _tail() -> Finding:
    subject = Words("审计封存", "sealing of the audit")
    waiting = sealing.tail(by=SystemActor("doctor", {Permission.AUDIT_VIEW}, EVERYWHERE))
    if waiting.overdue_since is None:
        return Finding(State.GOOD, subject, Words(f"待封存 {waiting.unsealed} 条", f"{waiting.unsealed} entries wait"))
    since = f"{timezone.localtime(waiting.overdue_since):%Y-%m-%d %H:%M}"
    return Finding(
        State.DOUBTFUL,
        subject,
        Words(f"{waiting.unsealed} 条自 {since} 起未封存", f"{waiting.unsealed} entries wait since {since}"),
        Words("请运行 lika serve，或运行一次 lika audit seal。", "Run lika serve, or lika audit seal once."),
    )


def _imports() -> Finding:
    subject = Words("导入任务", "imports")
    stale = claims.abandoned()
    if not stale:
        return Finding(State.GOOD, subject, Words("没有中断的任务", "none is stuck"))
    labels = ", ".join(batch.label for batch in stale)
    return Finding(
        State.DOUBTFUL,
        subject,
        Words(f"进程已中断，未写入任何数据：{labels}", f"their process died, nothing was written: {labels}"),
        Words("请在导入页面重新开始或放弃。", "Start them again or discard them on the import page."),
    )


def _documents() -> Finding:
    subject = Words("材料", "documents")
    stock = document_stock(by=SystemActor("doctor", {Permission.DOCUMENTS_KEEP}, EVERYWHERE))
    if stock.missing:
        return Finding(
            State.BAD,
            subject,
            Words(f"{len(stock.missing)} 份材料的文件缺失", f"the files of {len(stock.missing)} documents are missing"),
            Words(
                "请运行 lika documents check 查看是哪些，并从备份中恢复这些文件。",
                "lika documents check names them; put their files back from a backup.",
            ),
        )
    if stock.orphans:
        return Finding(
            State.DOUBTFUL,
            subject,
            Words(
                f"{stock.documents} 份材料齐全；{stock.orphans} 个文件不属于任何材料",
                f"{stock.documents} are whole; {stock.orphans} files belong to none",
            ),
            Words("请运行 lika documents sweep 清除。", "Remove them: lika documents sweep."),
        )
    return Finding(State.GOOD, subject, Words(f"{stock.documents} 份齐全", f"{stock.documents}, all whole"))


def _backup() -> Finding:
    subject = Words("备份", "backup")
    if settings.LIKA.demo:
        return Finding(State.GOOD, subject, Words("演示数据，无需备份", "demonstration data need none"))
    kept = safekeeping.last_kept()
    remedy = Words(
        "请运行 lika backup 目录，并把密钥另行保管（lika keys copy）；宜每日定时执行。",
        "Run lika backup FOLDER, keep the keys apart (lika keys copy), and do so daily.",
    )
    if kept is None:
        return Finding(State.DOUBTFUL, subject, Words("从未备份", "none was ever made"), remedy)
    at = f"{timezone.localtime(kept.at):%Y-%m-%d %H:%M}"
    told = Words(f"上次备份 {at}，{kept.file}", f"last one {at}, {kept.file}")
    if timezone.now() - kept.at > KEPT_WITHIN:
        return Finding(State.DOUBTFUL, subject, told, remedy)
    return Finding(State.GOOD, subject, told)
