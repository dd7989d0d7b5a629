"""What everyone reads. Only the tables of publications and withdrawals are asked: the public role has no others."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lika.core.errors import NotFound
from lika.disclosure.models import Publication

MOST_LETTERS = 40


def published(text: str = "") -> QuerySet[Publication]:
    """Publications, newest first, those withdrawn among them; with a text, those that tell of such a division.

    The text is the beginning of a division code or a part of a name.
    """
    found = Publication.objects.select_related("withdrawal").defer("content", "places")
    wanted = text.strip()[:MOST_LETTERS]
    if not wanted:
        return found
    # Each line of `places` is a code and a name: the code is looked for where a line begins.
    line = f"\n{wanted}" if wanted.isascii() and wanted.isdigit() else wanted
    return found.filter(places__contains=line)


def publication(identifier: UUID) -> Publication:
    """One of them. Raises DIS-020 where there is none."""
    found = Publication.objects.select_related("withdrawal").filter(pk=identifier).first()
    if found is None:
        raise nothing_there()
    return found


def nothing_there() -> NotFound:
    """DIS-020: no publication stands at an address, or none any more."""
    return NotFound(
        "DIS-020",
        _("Nothing was published at this address."),
        remedy=_("Look for your place in the list of publications."),
    )
