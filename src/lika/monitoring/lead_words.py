"""The words for what agrees, differs or shows in a lead; the codes are those that the searches write."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lika.core.language import listed

WORDS: Mapping[str, str | Promise] = {
    # between two persons
    "number": _("document number"),
    "name": _("name"),
    "pinyin": _("sound of the name"),
    "birth_date": _("birth date"),
    "sex": _("sex"),
    "no_number": _("one has no document number"),
    "old_number": _("one has a number of 15 digits"),
    # between two households
    "members": _("all members"),
    "head": _("head"),
    "account": _("bank account"),
    "phone": _("telephone"),
    "address": _("address"),
    "split": _("recorded as split"),
    "near": _("heads were spouses, or parent and child, in one household"),
    "lived_together": _("lived in one household before"),
    "surname": _("surname"),
    # of one household
    "no_members": _("nobody is a member"),
    "all_away": _("all members lived elsewhere in the year"),
    "no_year": _("nothing was collected for the year"),
    "no_traces": _("no electricity, and nobody insured"),
}


def in_words(codes: Iterable[str]) -> str:
    """What agrees or differs, as an enumeration."""
    return listed(str(WORDS[code]) for code in codes)
