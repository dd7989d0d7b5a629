"""From a template and its data to a PDF: the same bytes for the same data, on any machine."""

import datetime as dt
import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import typst
from django.conf import settings
from django.utils.translation import gettext as _

from lika.core.errors import UserError
from lika.core.papers.data import PaperData, plain
from lika.core.papers.faces import characters, faces, missing_faces, own_folder

# Templates lie beside the code that knows their data and import what they share as "/core/papers/templates/…".
ROOT = Path(__file__).parents[2]
TEMPLATES = Path(__file__).parent / "templates"
# PDF/A-2b: a file that opens alike in thirty years, with every face inside.
STANDARD: Final = "a-2b"
# Values of one paper, each some 16 kB of memory while it is set: 3,000 lines of a list of seven columns.
LARGEST = 20_000
_CHINA = dt.timezone(dt.timedelta(hours=8))
_NEVER_SHOWN = ("Cc", "Cf")


@dataclass(frozen=True)
class Prepared:
    """A paper that can be set, whatever it is to become: it holds what another process needs, and no settings."""

    template: str
    own_faces: Path
    told: str
    day: dt.datetime

    def call(self) -> dict[str, Any]:
        """What Typst is called with."""
        return {
            "input": self.template,
            "root": str(ROOT),
            "font_paths": faces(self.own_faces),
            "sys_inputs": {"data": self.told},
            "timestamp": self.day,
        }


def paper(template: Path, data: PaperData) -> bytes:
    """The paper as PDF/A. On a demonstration every page says 演示数据. Raises as `prepared`."""
    return set_as_pdf(prepared(template, data))


def set_as_pdf(of: Prepared) -> bytes:
    """The PDF/A of a prepared paper. Holds the interpreter meanwhile."""
    call = of.call()
    return typst.compile(call.pop("input"), **call, format="pdf", pdf_standards=STANDARD)


def prepared(template: Path, data: PaperData) -> Prepared:
    """A paper with its data, looked through for what cannot be printed.

    Raises `UserError`: PAP-001 a face of ours is missing, PAP-002 a character that no face has, PAP-003 too long.
    """
    own = own_folder()
    if gone := missing_faces():
        raise UserError(
            "PAP-001",
            _("A face that papers are printed in is missing: %(names)s.") % {"names": ", ".join(gone)},
            remedy=_("The installation is incomplete; install again."),
        )
    content = plain(data)
    if _values(content) > LARGEST:
        raise UserError("PAP-003", _("This paper would be too long."), remedy=_("Print it for smaller areas."))
    told = json.dumps(content | {"demonstration": settings.LIKA.demo}, ensure_ascii=False)
    _refuse_unprintable(told, own)
    return Prepared(str(template), own, told, dt.datetime.combine(data.made_on, dt.time(), _CHINA))


def _values(content: Any) -> int:
    if isinstance(content, dict | list):
        return sum(map(_values, content.values() if isinstance(content, dict) else content))
    return 1


def _refuse_unprintable(told: str, own: Path) -> None:
    wanting = sorted(
        sign
        for sign in set(told)
        if ord(sign) not in characters(own) and unicodedata.category(sign) not in _NEVER_SHOWN
    )
    if wanting:
        signs = ", ".join(f"{sign} (U+{ord(sign):04X})" for sign in wanting)
        raise UserError(
            "PAP-002",
            _("No face has the sign %(signs)s.") % {"signs": signs},
            remedy=_("Put a TTF or OTF file that has it into %(folder)s and start Lika again.") % {"folder": own},
        )
