"""What goes into the file with the papers: photographs, evidence, handbooks, and the file's own cover and contents."""

import datetime as dt
from dataclasses import dataclass

from lika.casework.papers.shared import Signature
from lika.core.papers import PaperData


@dataclass(frozen=True)
class Item:
    """A photograph or a piece of evidence; `digest` is the hash of the file, in hexadecimal, empty for paper."""

    title: str
    on: dt.date | None
    by: str
    place: str = ""
    digest: str = ""


@dataclass(frozen=True, kw_only=True)
class ItemList(PaperData):
    """A list of what lies behind it: of what, of which unit."""

    unit: str
    matter: str
    items: tuple[Item, ...]
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Photographs(ItemList):
    """影像资料目录."""


@dataclass(frozen=True, kw_only=True)
class Evidence(ItemList):
    """佐证材料目录."""


@dataclass(frozen=True)
class HandedOut:
    """A handbook: to whom, how many copies; the day and the hand are empty until it is taken."""

    head: str
    group: str
    copies: int
    on: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Handbooks(PaperData):
    """扶贫手册填写发放登记表."""

    village: str
    note: str
    handed_out: tuple[HandedOut, ...]


@dataclass(frozen=True)
class ArchivedPaper:
    """A paper of the file: its own number if it has one, by whom, its title, day, and the pages it takes."""

    number: str
    author: str
    title: str
    on: dt.date | None
    pages: int


@dataclass(frozen=True)
class ArchiveSection:
    """A part of the file, in the order of DOMAIN §7.6: general, analysis meeting, survey, and so on."""

    name: str
    papers: tuple[ArchivedPaper, ...]


@dataclass(frozen=True, kw_only=True)
class ArchiveFile(PaperData):
    """卷宗: the cover with the keeping period, the contents with the pages counted on, the closing note."""

    fonds: str
    number: str
    from_on: dt.date
    to_on: dt.date
    keeping: str
    sections: tuple[ArchiveSection, ...]
    remark: str
    signatures: tuple[Signature, ...]
