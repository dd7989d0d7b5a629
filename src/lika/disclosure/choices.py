"""Kinds of publications, the states of a proposal with the moves between them, and what is told under a receipt."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What a publication holds."""

    FIGURES = "figures", _("Figures by place")
    CRITERIA = "criteria", _("Criteria in plain words")


class State(TextChoices):
    """Where a proposal stands. What was published stays published: withdrawing is another row, not another state."""

    WAITING = "waiting", _("Waits for a second person")
    PUBLISHED = "published", _("Made public")
    DECLINED = "declined", _("Declined")


class Entries(TextChoices):
    """What was sent from the pages of notices, by what the office did with it."""

    WAITING = "waiting", _("To take up or refuse")
    TAKEN = "taken", _("Taken up as an objection")
    REFUSED = "refused", _("Not taken up")


class Progress(TextChoices):
    """How far what somebody sent is, in words for whoever holds the receipt."""

    TAKEN = "taken", _("Taken up as an objection")
    ACKNOWLEDGED = "acknowledged", _("Receipt confirmed")
    INVESTIGATED = "investigated", _("Investigated")
    ANSWERED = "answered", _("Answer drafted")
    UPHELD = "upheld", _("Objection upheld")
    DISMISSED = "dismissed", _("Objection dismissed")
    REFUSED = "refused", _("Not taken up")

    @property
    def meaning(self) -> str:
        """What follows, for one of the people."""
        return str(_MEANINGS[self])


_MEANINGS = {
    Progress.TAKEN: _("The case that it is about stands still until the objection is decided."),
    Progress.ACKNOWLEDGED: _("The office has read it and will have it investigated."),
    Progress.INVESTIGATED: _("What was found is on record; the office drafts the answer."),
    Progress.ANSWERED: _("The answer is drafted; somebody who had no part in the case decides."),
    Progress.UPHELD: _("You were right: the case goes back or is struck from the list."),
    Progress.DISMISSED: _("It was found not to be so: the case goes on, with the days that were left."),
    Progress.REFUSED: _(
        "The office found no objection against anybody on the list in it. Call it if you see it otherwise."
    ),
}
