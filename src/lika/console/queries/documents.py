"""Documents in the words of the page: one card each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lika.console.facts import code_label
from lika.core.language import chosen
from lika.engine.amounts import date_words
from lika.register.choices import DocumentOwner
from lika.register.choices.lists import DOCUMENT_KIND
from lika.register.queries import DocumentView


@dataclass(frozen=True)
class Card:
    """A document: `name` is its title, else its kind; `facts` what is known of the file, `told` who kept it when."""

    view: DocumentView
    name: str
    kind: str
    facts: Sequence[str]
    told: str
    ended: str


def cards(views: Iterable[DocumentView]) -> list[Card]:
    """The cards in the order given."""
    return [_card(view) for view in views]


def _card(view: DocumentView) -> Card:
    kind = code_label(DOCUMENT_KIND, view.kind)
    return Card(
        view=view,
        name=view.title or kind,
        kind=kind,
        facts=_facts(view, kind),
        told=_("%(who)s, %(day)s")
        % {"who": view.uploader, "day": chosen(*date_words(timezone.localtime(view.recorded_at).date()))},
        ended=_ended(view),
    )


def _facts(view: DocumentView, kind: str) -> list[str]:
    """Whose it is, what, of when, how large."""
    facts = [kind] if view.title else []
    if view.whose:
        facts.append(view.whose)
    if view.owner_kind == DocumentOwner.CHANGE:
        facts.append(_("Evidence of a change"))
    if view.dated_on:
        facts.append(chosen(*date_words(view.dated_on)))
    if view.pages:
        facts.append(ngettext("%(n)s page", "%(n)s pages", view.pages) % {"n": view.pages})
    if view.is_picture:
        facts.append(f"{view.width} × {view.height}")
    return [*facts, filesizeformat(view.size)]


def _ended(view: DocumentView) -> str:
    """Why it counts no more."""
    if view.withdrawn_at is not None:
        words = _("Withdrawn by %(who)s, %(day)s") % {
            "who": view.withdrawn_by,
            "day": chosen(*date_words(timezone.localtime(view.withdrawn_at).date())),
        }
    else:
        words = _("Replaced by a later one") if view.is_replaced else ""
    return f"{words}{chosen('：', ': ')}{view.withdrawn_reason}" if view.withdrawn_reason else words
