"""What the actions of stages are told, looked over: names, days, and the cases that are spoken of."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from lika.casework.actions.moving import Standing
from lika.casework.models import Case
from lika.core.errors import UserError

LONGEST_NAME = 80
LONGEST_TEXT = 500


def written(given: str, field: str, longest: int = LONGEST_NAME) -> str:
    """Words that must be there, with single spaces. Raises CAS-060."""
    text = optional(given, field, longest)
    if not text:
        raise _not_written(field, longest)
    return text


def optional(given: str, field: str, longest: int = LONGEST_TEXT) -> str:
    """Words that may be missing. Raises CAS-060."""
    text = " ".join(given.split())
    if len(text) > longest:
        raise _not_written(field, longest)
    return text


def past(day: dt.date, field: str) -> dt.date:
    """A day on which something was done. Raises CAS-061."""
    if day > timezone.localdate():
        raise UserError(
            "CAS-061", _("This day is still to come."), remedy=_("Enter the day on which it was done."), field=field
        )
    return day


def two_persons(first: str, second: str, field: str) -> None:
    """That one person does not stand in both places. Raises CAS-062."""
    if first == second:
        raise UserError(
            "CAS-062",
            _("Two different persons are needed here; %(name)s stands twice.") % {"name": first},
            remedy=_("Name the second one."),
            field=field,
        )


def open_cases(standing: Standing, named: Iterable[UUID]) -> dict[UUID, Case]:
    """The cases spoken of, each under way in the batch; at least one. Raises CAS-063."""
    wanted = list(named)
    found = {each.pk: each for each in standing.open if each.pk in set(wanted)}
    if not wanted or len(found) != len(set(wanted)):
        raise UserError(
            "CAS-063",
            _("No case is chosen, or one of them is no longer under way in this batch."),
            remedy=_("Open the batch again and choose from what it shows."),
        )
    return {each: found[each] for each in wanted}


def _not_written(field: str, longest: int) -> UserError:
    return UserError(
        "CAS-060",
        _("Something has to be written here, and not more than %(longest)s characters.") % {"longest": longest},
        remedy=_("Write it as it stands on the paper."),
        field=field,
    )
