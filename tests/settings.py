"""The settings of the test run: those of an installation, with every page asked as the role that serves pages."""

from lika.config.settings import *  # noqa: F403 - one setting differs
from lika.config.settings import MIDDLEWARE

MIDDLEWARE = ["tests.web_role.as_the_web_role", *MIDDLEWARE]
