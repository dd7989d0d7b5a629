"""`lika doctor`: look at the installation and say what to do."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lika.config.env import VARIABLES
from lika.console.doctor import Finding, State, examine
from lika.runtime.faults import Words

_SECRET = ("_KEY", "_URL")  # a database address may hold a password


class Command(BaseCommand):
    help = str(Words("检查安装是否正常，并说明如何处理。", "Examine the installation and say what to do."))
    without_database = frozenset({"*"})  # it starts the database itself, and reports when that fails
    requires_system_checks: list[str] = []  # one of its findings

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--settings-list", action="store_true", help=str(Words("列出全部配置项", "list all settings"))
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["settings_list"]:
            self._list_settings()
            return
        bad = 0
        for finding in examine():
            self._show(finding)
            bad += finding.state is State.BAD
        if bad:
            raise SystemExit(1)

    def _show(self, finding: Finding) -> None:
        self.stdout.write(f"{finding.state.value} {finding.subject}: {finding.detail}")
        if finding.remedy is not None:
            self.stdout.write(f"  → {finding.remedy}")

    def _list_settings(self) -> None:
        for name, meaning in VARIABLES.items():
            value = os.environ.get(name)
            shown = "" if value is None else " = ***" if name.endswith(_SECRET) else f" = {value}"
            self.stdout.write(f"{name}{shown}\n    {meaning}")
