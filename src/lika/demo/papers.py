"""Photographs of houses, papers and a few lines of income for households of the tour: drawn, and marked 演示数据."""

import datetime as dt
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from lika.core.actors import Actor
from lika.demo.areas import period
from lika.demo.table import read
from lika.demo.tour_households import shown
from lika.register import queries as register
from lika.register.actions import documents, ledger
from lika.register.actions.documents import Owner, Paper
from lika.register.actions.ledger import Entry
from lika.register.choices import DocumentOwner

WITH_PAPERS = 3  # households of the tour, the first ones
_SIZE = (960, 720)
_MARK = Path(__file__).parent / "data/mark.png"
# The walls of the houses, one colour each.
_WALLS = ("#c9b79c", "#b8c2c9", "#d3c3b0")
_INCOME = (
    ("wage", 3, 15, "4200.00", "县内务工"),
    ("operating", 9, 20, "2650.00", "出售药材"),
    ("expense_operating", 4, 2, "780.00", "种苗和化肥"),
)


def keep(*, by: Actor) -> None:
    """A photograph of the house, an application, and income that waits to be confirmed. Once."""
    year = max(read("distributions")["data_years"])
    first, last = period(year)
    for order, one in enumerate(shown()[:WITH_PAPERS]):
        home = register.household_visible_to(by, one.number)
        if register.household_documents(by=by, household=home.id):
            continue
        owner = Owner(DocumentOwner.HOUSEHOLD, home.id)
        house, application = Paper("04", "住房外观（演示）", last), Paper("01", "户申请书（演示）", first)
        documents.add_document(by=by, owner=owner, paper=house, content=_house(_WALLS[order % len(_WALLS)]))
        documents.add_document(by=by, owner=owner, paper=application, content=sheet(order))
        for account, month, day, amount, remark in _INCOME:
            entry = Entry(account, dt.date(last.year, month, day), Decimal(amount), remark=f"{remark}（演示）")
            ledger.add_entry(by=by, household=home.id, data_year=year, entry=entry)


def _house(wall: str) -> bytes:
    """A house below a roof, before a hill."""
    picture = Image.new("RGB", _SIZE, "#cfe0ea")
    draw = ImageDraw.Draw(picture)
    draw.polygon([(0, 520), (300, 230), (620, 480), (960, 300), (960, 720), (0, 720)], fill="#a9b88f")
    draw.rectangle((220, 330, 740, 640), fill=wall)
    draw.polygon([(180, 340), (480, 190), (780, 340)], fill="#6d5a4c")
    draw.rectangle((430, 460, 530, 640), fill="#5b4636")
    for left in (280, 600):
        draw.rectangle((left, 420, left + 90, 510), fill="#eef3f5", outline="#5b4636", width=6)
    return _marked(picture)


def sheet(order: int, *, smaller: int = 1) -> bytes:
    """A sheet with lines of writing, unlike that of every other number: the register keeps the same file once.

    `smaller` is by how much each edge is.
    """
    picture = Image.new("RGB", _SIZE, "#fbfaf5")
    draw = ImageDraw.Draw(picture)
    for line in range(12):
        draw.line((120, 150 + 42 * line, 840 - 17 * ((line * 7 + order) % 9), 150 + 42 * line), fill="#8d8d8d", width=7)
    draw.text((120, 60), f"No. {order}", fill="#8d8d8d")
    draw.ellipse((680, 560, 800, 680), outline="#c0392b", width=8)
    return _marked(picture, smaller)


def _marked(picture: Image.Image, smaller: int = 1) -> bytes:
    """The picture with 演示数据 across it, as a file."""
    with Image.open(_MARK) as mark:
        for left, top in ((60, 40), (700, 40), (385, 330), (60, 640), (700, 640)):
            picture.paste("#b03a2e", (left, top), mark)
    target = BytesIO()
    picture.reduce(smaller).save(target, "JPEG", quality=85)
    return target.getvalue()
