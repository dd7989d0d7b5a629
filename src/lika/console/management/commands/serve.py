"""`lika serve`: the web server."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from lika.runtime import supervisor
from lika.runtime.faults import Words


class Command(BaseCommand):
    help = str(Words("启动网站，直到停止。", "Serve the site until stopped."))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=settings.LIKA.host, help=str(Words("监听地址", "address to listen on")))
        parser.add_argument("--port", type=int, default=settings.LIKA.port, help=str(Words("端口", "port")))
        parser.add_argument(
            "--workers", type=int, default=settings.LIKA.web_workers, help=str(Words("网页服务进程数", "web processes"))
        )

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
