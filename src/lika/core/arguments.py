"""Kinds of argument that commands of several apps take."""

import datetime as dt
import re
from argparse import ArgumentTypeError

from django.utils.translation import gettext as _

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day(text: str) -> dt.date:
    """A day written 2016-12-31, as a `type` for argparse. Raises ArgumentTypeError, which argparse tells the person."""
    try:
        if _DAY.fullmatch(text):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass  # 2014-13-01: said below, like what is no date at all
    raise ArgumentTypeError(_("%(text)s is not a date like 2016-12-31") % {"text": text})
