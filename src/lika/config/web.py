"""Django's settings for the processes that serve pages: those of the installation, as the role that owns nothing.

The role sees the rows that `lika.config.wall` shows it, within the bounds of each transaction.
"""

from lika.config.settings import *  # noqa: F403 - one setting differs
from lika.config.settings import DATABASES, WEB_DATABASE
from lika.runtime.faults import no_web_role

if WEB_DATABASE is None:
    raise no_web_role()

DATABASES["default"] |= WEB_DATABASE.for_django()
