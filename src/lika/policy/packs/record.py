"""What changes.yaml and accounts.yaml say, against the kinds of change and the national accounts."""

from collections.abc import Iterator, Mapping

from lika.policy.choices import CHANGE_KINDS, NATIONAL_ACCOUNTS
from lika.policy.packs import faults
from lika.policy.packs.faults import Fault
from lika.policy.packs.folder import PackFiles
from lika.policy.packs.resolved import ResolvedAccount, ResolvedPack


def faults_of(files: PackFiles, pack: ResolvedPack) -> Iterator[Fault]:
    """Kinds of change that are none, evidence that nobody looks at, accounts that lead to no national one."""
    for change in files.changes:
        if change.value.id not in CHANGE_KINDS:
            yield faults.change_unknown(change.place("id"), change.value.id, CHANGE_KINDS)
        if change.value.evidence and not change.value.checked:
            yield faults.evidence_unchecked(change.place("evidence"), change.value.id)
    known = {account.id: account for account in pack.accounts}
    for item in files.accounts:
        account = item.value
        if account.id in NATIONAL_ACCOUNTS and account.parent is not None:
            yield faults.account_has_parent(item.place("parent"), account.id)
        elif account.id in known and national_of(account.id, known) is None and account.parent not in files.broken:
            yield faults.account_above_unknown(item.place(), account.id, NATIONAL_ACCOUNTS)


def national_of(account: str, known: Mapping[str, ResolvedAccount]) -> str | None:
    """The national account above an account (itself, where it is one); None where its parents lead to none."""
    passed: set[str] = set()
    here: str | None = account
    while here is not None and here not in NATIONAL_ACCOUNTS:
        if here in passed or here not in known:
            return None
        passed.add(here)
        here = known[here].parent
    return here
