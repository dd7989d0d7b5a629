"""`lika migrate`: Django's command, and after it the second wall, so that no table stands before it open."""

from typing import Any

from django.conf import settings
from django.core.management.commands.migrate import Command as Migrate

from lika.core import wall


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if not options["plan"] and not options["check_unapplied"]:
            web, portal = settings.WEB_DATABASE, settings.PORTAL_DATABASE
            wall.build(web.user if web else None, portal.user if portal else None)
