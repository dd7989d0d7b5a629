"""The `lika` command: Django's management commands with a database, and errors a person can act on.

`lika <command> …` runs the management command of that name. Without LIKA_DATABASE_URL it first starts,
or joins, the embedded database. A command that works on files alone says so itself:

    class Command(BaseCommand):
        without_database = frozenset({"check", "eval"})   # first words; {"*"} for the whole command

Exit codes: 0 done; 1 our fault, with a traceback, or a refused check; 2 a fault the user can mend;
130 interrupted; 143 terminated (129 by a closed terminal).
"""

import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, NoReturn

from lika import __version__
from lika.config.logs import DiscreetFormatter
from lika.runtime.faults import StartFault, Words, language

if TYPE_CHECKING:
    from lika.core.errors import UserError
    from lika.engine.errors import EngineError

# Django's own commands that belong to running Lika, in the words of those who run it.
DJANGO_COMMANDS = {
    "migrate": Words("更新数据库结构。", "Bring the database's schema up to date."),
    "changepassword": Words("重设一个用户的密码。", "Set a user's password anew."),
    "check": Words("检查程序自身。", "Check the program itself."),
    "shell": Words("打开 Python 交互环境。", "Open a Python prompt."),
}

# Options that Django gives every command. They work, but are not for those who read `lika <command> --help`.
_DJANGO_OPTIONS = {
    "--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color", "--force-color",
    "--skip-checks",
}  # fmt: skip

USER_FAULT = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    os.environ["DJANGO_SETTINGS_MODULE"] = "lika.config.settings"  # also below a page that starts an import
    sys.excepthook = _print_traceback
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _terminated)
    if arguments[:1] in (["--version"], ["version"]):
        print(f"lika {__version__}")
        return 0
    try:
        return _run(arguments)
    except StartFault as fault:
        print(fault, file=sys.stderr)
        return USER_FAULT
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:  # the reader (`| head`) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE


def _terminated(signum: int, frame: FrameType | None) -> NoReturn:
    """Leave by the ordinary way, so that what was started is stopped."""
    raise SystemExit(128 + signum)


def _print_traceback(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """Our own fault, loud, but without values of rows: a terminal's output ends up in logs."""
    print(DiscreetFormatter().formatException((kind, error, traceback)), file=sys.stderr)


def _run(arguments: list[str]) -> int:
    from lika.runtime import argparse_words, assets, translations

    translations.compile_all()
    assets.compress_all()

    import django
    from django.conf import settings  # reads and checks the configuration
    from django.utils import translation

    django.setup()
    translation.activate(language())
    argparse_words.speak(language())
    if not arguments or arguments in (["-h"], ["--help"], ["help"]):
        print(overview())
        return 0
    if arguments[0] == "help":
        arguments = [arguments[1], "--help"]

    from lika.core.errors import UserError
    from lika.engine.errors import EngineError

    try:
        if not _needs_database(arguments):
            return _execute(arguments)
        if settings.LIKA.database is None:
            return _execute_with_server(arguments)
        _reach_database()
        return _execute(arguments)
    except UserError as error:
        _explain(error)
    except EngineError as error:
        print(_describe(error), file=sys.stderr)
    return USER_FAULT


def _reach_database() -> None:
    """Say so at once when the database of LIKA_DATABASE_URL is out of reach."""
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise StartFault(
            "RUN-014",
            Words(f"无法连接数据库：{error}", f"The database cannot be reached: {error}"),
            Words("请核对 LIKA_DATABASE_URL，确认数据库已启动。", "Check LIKA_DATABASE_URL and that the server runs."),
        ) from error


def _execute_with_server(arguments: list[str]) -> int:
    from django.conf import settings
    from django.db import connections

    from lika.runtime.postgres import EmbeddedServer

    server = EmbeddedServer(settings.LIKA.data_dir)
    server.start()
    try:
        return _execute(arguments)
    finally:
        connections.close_all()
        server.release()


def _execute(arguments: list[str]) -> int:
    from django.core.management import ManagementUtility
    from django.db import ProgrammingError
    from psycopg.errors import UndefinedColumn, UndefinedTable

    if arguments[0] not in _names():
        return _unknown(arguments[0])
    utility = ManagementUtility(["lika", *arguments])
    utility.prog_name = "lika"
    command = utility.fetch_command(arguments[0])
    if arguments[0] not in DJANGO_COMMANDS:
        command.suppressed_base_arguments = _DJANGO_OPTIONS
    try:
        command.run_from_argv(["lika", *arguments])
    except ProgrammingError as error:
        if isinstance(error.__cause__, (UndefinedTable, UndefinedColumn)):
            _refuse_an_old_schema(error)
        raise
    return 0


def _refuse_an_old_schema(error: Exception) -> None:
    """Say so where a table is missing because migrations are; where none is, the fault is ours."""
    from lika.console.doctor import pending_migrations

    if pending_migrations():
        raise StartFault(
            "RUN-015",
            Words("数据库尚未建好，或结构未更新。", "The database is not set up, or not up to date."),
            Words(
                "请运行 lika migrate（已有数据的先备份）。", "Run lika migrate (where there are data: after a backup)."
            ),
        ) from error


def _needs_database(arguments: list[str]) -> bool:
    from django.core.management import ManagementUtility

    if {"-h", "--help"} & set(arguments) or arguments[0] not in _names():
        return False
    command = ManagementUtility(["lika"]).fetch_command(arguments[0])
    words: frozenset[str] = getattr(command, "without_database", frozenset())
    return not ("*" in words or set(arguments[1:2]) & words)


def _names() -> set[str]:
    from django.core.management import get_commands

    return set(get_commands())


def _unknown(name: str) -> int:
    import difflib

    near = difflib.get_close_matches(name, _listed(), n=1)
    hint = (
        Words(f"是否为 {near[0]}？", f"Did you mean {near[0]}?")
        if near
        else Words("lika --help 列出全部命令。", "lika --help lists all commands.")
    )
    print(StartFault("RUN-010", Words(f"没有命令 {name}。", f"There is no command {name}."), hint), file=sys.stderr)
    return USER_FAULT


def _listed() -> list[str]:
    """Our commands first, then those of Django that belong to running Lika."""
    from django.core.management import get_commands

    ours = sorted(name for name, app in get_commands().items() if isinstance(app, str) and app.startswith("lika."))
    return [*ours, *(name for name in DJANGO_COMMANDS if name not in ours)]


def overview() -> str:
    """The help page: each command with one line on what it does."""
    from django.core.management import ManagementUtility

    utility = ManagementUtility(["lika"])
    lines = [
        str(Words("用法：lika <命令> [选项]", "Usage: lika <command> [options]")),
        str(Words("lika <命令> --help 说明一个命令。", "lika <command> --help explains one command.")),
        "",
    ]
    for name in _listed():
        known = DJANGO_COMMANDS.get(name)
        summary = str(known or utility.fetch_command(name).help).strip().split("\n", 1)[0]
        lines.append(f"  {name:<16}{summary.rstrip('.。')}")
    return "\n".join(lines)


def _explain(error: "UserError") -> None:
    """Code, message, place and remedy of each fault, on standard error."""
    from lika.core.errors import place_of, printable

    for each in (error, *getattr(error, "errors", ())):
        print(printable(f"{each.code} {each.message}{place_of(each.where)}"), file=sys.stderr)
        if each.remedy:
            print(printable(f"  → {each.remedy}"), file=sys.stderr)


def _describe(error: "EngineError") -> str:
    """A refusal of the engine in the person's language, with its position where it has one."""
    from lika.core.errors import printable
    from lika.engine.errors import ExpressionError

    if isinstance(error, ExpressionError):
        return printable(error.describe(language()))
    return printable(f"{error.code} {error.message(language())}")
