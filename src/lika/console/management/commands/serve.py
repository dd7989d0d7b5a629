"""`lika serve`: the web server."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext_lazy as _

from lika.runtime import supervisor


class Command(BaseCommand):
    help = _("Serve the site until stopped.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=settings.LIKA.host, help=str(_("address to listen on")))
        parser.add_argument("--port", type=int, default=settings.LIKA.port, help=str(_("port to listen on")))
        parser.add_argument("--workers", type=int, default=settings.LIKA.web_workers, help=str(_("web processes")))

    def handle(self, *args: Any, **options: Any) -> None:
        code = supervisor.serve(
            host=options["host"],
            port=options["port"],
            workers=options["workers"],
            data_dir=settings.LIKA.data_dir,
            say=self._say,
        )
        if code:
            raise SystemExit(code)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
