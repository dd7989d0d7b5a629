"""`lika serve`: the web server."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from lika.console.doctor import pending_migrations
from lika.console.serving import serve, serve_portal
from lika.runtime.faults import StartFault, Words


class Command(BaseCommand):
    help = str(Words("启动网站，直到停止。", "Serve the site until stopped."))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=settings.LIKA.host, help=str(Words("监听地址", "address to listen on")))
        parser.add_argument("--port", type=int, default=settings.LIKA.port, help=str(Words("端口", "port")))
        parser.add_argument(
            "--workers", type=int, default=settings.LIKA.web_workers, help=str(Words("网页服务进程数", "web processes"))
        )

        parser.add_argument(
            "--portal",
            action="store_true",
            help=str(
                Words(
                    "只提供公开网页，使用只能读取已公开内容的角色",
                    "the public pages alone, as a role that reads only them",
                )
            ),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        _refuse_an_old_schema()
        given = {"host": options["host"], "port": options["port"], "workers": options["workers"], "say": self._say}
        code = serve_portal(**given) if options["portal"] else serve(**given, environ={})
        if code:
            raise SystemExit(code)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _refuse_an_old_schema() -> None:
    """Say so before the first visitor meets it."""
    missing = pending_migrations()
    if missing:
        raise StartFault(
            "RUN-012",
            Words(f"数据库结构有 {missing} 项未更新。", f"The database lacks {missing} migrations."),
            Words("请先备份，再运行 lika migrate。", "Make a backup, then run lika migrate."),
        )
