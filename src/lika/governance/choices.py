"""States of what townships and villages do."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Holding(TextChoices):
    """Whether somebody holds a duty that is asked for."""

    HELD = "held", _("Held")
    POST_ENDED = "post_ended", _("Post ended")
    VACANT = "vacant", _("Vacant")


class RequestKind(TextChoices):
    """What a resident asks at the service window."""

    IDENTIFICATION = "identification", _("Asks to be identified as poor")
    CHANGE = "change", _("Change of the household's record")
    HELP = "help", _("Asks for help")
    POLICY = "policy", _("Question about policy")
    COMPLAINT = "complaint", _("Complaint or opinion")
    OTHER = "other", _("Other matter")


class Channel(TextChoices):
    """How a request came in, or how its applicant was told the reply."""

    WINDOW = "window", _("At the window")
    TELEPHONE = "telephone", _("On the telephone")
    VISIT = "visit", _("On a visit to the household")
    LETTER = "letter", _("By letter")


class Outcome(TextChoices):
    """What became of a request."""

    DONE = "done", _("Settled")
    EXPLAINED = "explained", _("Explained to the applicant")
    REFERRED = "referred", _("Passed on to another office")
    REFUSED = "refused", _("Cannot be granted")


class RequestState(TextChoices):
    """Where a request stands. Nothing is deleted: one that is taken back stays as such."""

    REGISTERED = "registered", _("Registered")
    ASSIGNED = "assigned", _("Being dealt with")
    REPLIED = "replied", _("Replied, applicant to be told")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Taken back by the applicant")


class Verb(TextChoices):
    """A step of a request, as its history tells it."""

    REGISTER = "register", _("Registered")
    ASSIGN = "assign", _("Assigned")
    CHANGE = "change", _("Change recorded")
    REPLY = "reply", _("Replied")
    RETURN = "return", _("Reply returned")
    CLOSE = "close", _("Closed")
    WITHDRAW = "withdraw", _("Taken back by the applicant")


# verb -> the states it begins with, the one it leads to.
REQUEST_MOVES: dict[Verb, tuple[frozenset[RequestState], RequestState]] = {
    Verb.ASSIGN: (frozenset({RequestState.REGISTERED, RequestState.ASSIGNED}), RequestState.ASSIGNED),
    Verb.REPLY: (frozenset({RequestState.REGISTERED, RequestState.ASSIGNED}), RequestState.REPLIED),
    Verb.RETURN: (frozenset({RequestState.REPLIED}), RequestState.ASSIGNED),
    Verb.CLOSE: (frozenset({RequestState.REPLIED}), RequestState.CLOSED),
    Verb.WITHDRAW: (frozenset({RequestState.REGISTERED, RequestState.ASSIGNED}), RequestState.WITHDRAWN),
}
# What still waits for somebody.
REQUESTS_OPEN = frozenset({RequestState.REGISTERED, RequestState.ASSIGNED, RequestState.REPLIED})


class VisitResult(TextChoices):
    """What came of a visit to a household."""

    SURVEYED = "surveyed", _("Surveyed")
    ABSENT = "absent", _("Nobody at home")
    AWAY = "away", _("Whole household away")
    REFUSED = "refused", _("Refused the survey")


# After these the household is visited again.
VISIT_AGAIN = frozenset({VisitResult.ABSENT})
