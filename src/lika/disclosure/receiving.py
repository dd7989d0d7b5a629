"""What the public sends from the page of a notice, small, seldom, and shut before it is written; and its receipt.

There is no actor: anybody may send. The one who serves the page writes the row and reads nothing back.
"""

import hashlib
import json
import secrets
import time
from collections import deque
from collections.abc import Callable, Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from lika.casework.queries.clock import database_now
from lika.core.audit import canonical
from lika.core.errors import NotFound, UserError
from lika.disclosure import sealing
from lika.disclosure.models import Inbox, NoticePage, ReceiptStep
from lika.disclosure.queries import notices
from lika.disclosure.told import Limits, inbox_limits, receipt_limits

LONGEST = {"text": 1000, "name": 30, "phone": 20}
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is read as another
_CODE = 12
_MOST_ADDRESSES = 10_000


class Turns:
    """How often each address has come of late, in this process; addresses are kept nowhere else, and not for long."""

    def __init__(self, limits: Callable[[], Limits] = inbox_limits) -> None:
        self._limits = limits
        self._sent: dict[str, deque[float]] = {}

    def take(self, address: str) -> bool:
        """One turn of an address; False where it has had too many."""
        limits, now = self._limits(), time.monotonic()
        if len(self._sent) > _MOST_ADDRESSES:
            self._sent = {key: turns for key, turns in self._sent.items() if turns[-1] > now - limits.seconds}
        turns = self._sent.setdefault(address, deque(maxlen=limits.turns))
        if len(turns) == limits.turns and turns[0] > now - limits.seconds:
            return False
        turns.append(now)
        return True


TURNS, ASKED = Turns(), Turns(receipt_limits)


def send(*, page: UUID, address: str, text: str, name: str = "", phone: str = "") -> str:
    """Keep what somebody says against a notice; the answer is the code of the receipt. Without a name it is anonymous.

    Raises DIS-020 (no such page), DIS-031 (closed), DIS-032 (nothing said, or too long), DIS-033.
    """
    found = notices.page(page)
    if not found.is_open:
        raise UserError(
            "DIS-031",
            _("This notice is closed: nothing can be sent from its page any more."),
            remedy=_("Call or visit the office responsible for the village."),
        )
    said = {"text": text.strip(), "name": name.strip(), "phone": phone.strip()}
    for field, most in LONGEST.items():
        if len(said[field]) > most or (field == "text" and not said[field]):
            raise too_long(field)
    if not TURNS.take(address):
        raise UserError(
            "DIS-033",
            _("Too much was sent from here in a short time."),
            remedy=_("Wait an hour, or call the telephone on the notice."),
        )
    code = "".join(secrets.choice(_LETTERS) for _each in range(_CODE))
    _keep(found.page, code, canonical(said))
    return "-".join(code[start : start + 4] for start in range(0, _CODE, 4))


def said_in(box: bytes) -> Mapping[str, str]:
    """What somebody sent: text, name and telephone. Raises DIS-030 for a box that was not shut here, or by `send`."""
    try:
        told = json.loads(sealing.opened(box))
        return {field: str(told[field]) for field in LONGEST}
    except (ValueError, KeyError, TypeError) as error:
        raise sealing.unreadable() from error


def told_under(*, code: str, address: str) -> list[ReceiptStep]:
    """The steps that the office took on what was sent, the earliest first; whoever knows the receipt may ask.

    Raises DIS-037 (asked too often), DIS-038 (no receipt looks like that), DIS-039 (nothing is told under it).
    """
    if not ASKED.take(address):
        raise UserError(
            "DIS-037",
            _("Receipts were asked for from here too often in a short time."),
            remedy=_("Wait an hour, or call the telephone on the notice."),
        )
    if len(_plain(code)) != _CODE:
        raise no_receipt()
    found = list(ReceiptStep.objects.filter(code=code_hash(code)).select_related("page"))
    if not found:
        raise NotFound(
            "DIS-039",
            _("Nothing is told under this receipt yet."),
            remedy=_("The office has not taken it up yet, or the code is another. Try again in some days, or call it."),
        )
    return found


def no_receipt() -> UserError:
    """DIS-038: no receipt looks like that."""
    return UserError(
        "DIS-038",
        _("A receipt has %(n)s letters and digits.") % {"n": _CODE},
        remedy=_("Enter it as it stood on the page after you sent the objection."),
        field="code",
    )


def too_long(field: str = "text") -> UserError:
    """DIS-032: nothing was said, or more than is taken."""
    return UserError(
        "DIS-032",
        _("Write what is wrong, in not more than %(most)s characters.") % {"most": LONGEST[field]},
        remedy=_("Shorten what is too long; the telephone on the notice takes the rest."),
        field=field,
    )


def code_hash(code: str) -> str:
    """What is kept of a receipt's code."""
    return hashlib.sha256(_plain(code).encode()).hexdigest()


def _plain(code: str) -> str:
    return "".join(each for each in code.upper() if each in _LETTERS)


def _keep(page: NoticePage, code: str, said: str) -> None:
    Inbox.objects.create(
        page=page, village=page.village, code=code_hash(code), box=sealing.shut(said, bytes(page.key)),
        received_at=database_now(),
    )  # fmt: skip
