"""`lika demo`: set up, load the demonstration county, run the loop, print what it came to, serve."""

import os
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from lika.console.serving import serve
from lika.demo import summary
from lika.demo.loop import Loop


class Command(BaseCommand):
    help = _("Load an invented county, run the loop on it, and serve the site.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--households", type=int, help=_("a smaller county, for a quick look"))
        parser.add_argument("--host", default=settings.LIKA.host)
        parser.add_argument("--port", type=int, default=settings.LIKA.port)

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        self._say(
            _(
                "Lika demonstration: Dangchang county, Gansu, and Kuixu township of Jingxi, Guangxi. All people and "
                "households are invented (demonstration data)."
            )
        )
        outcomes = Loop(self._say, households=options["households"]).run()
        self._say("")
        for line in summary.lines(outcomes):
            self._say(line)
        self._say(_("Ready after %(seconds).0f s.") % {"seconds": time.monotonic() - began})
        if os.environ.get("DEMO_SERVE", "1") == "0":
            return
        code = serve(
            host=options["host"],
            port=options["port"],
            workers=settings.LIKA.web_workers,
            say=self._say,
            environ={"LIKA_DEMO": "1"},
        )
        if code:
            raise SystemExit(code)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
