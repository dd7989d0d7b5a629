"""`lika policy …`: write, check, try, load and activate policy packs."""

import datetime as dt
import json
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.arguments import day
from lika.core.errors import NotFound, UserError, printable
from lika.core.language import listed
from lika.core.permissions import Permission
from lika.engine.schema import UNIT_NAMES
from lika.policy import actions, queries
from lika.policy.engines import ENGINES
from lika.policy.packs.checking import Report, check_folder, read_pack
from lika.policy.packs.differences import differences
from lika.policy.packs.folder import HEAD
from lika.policy.packs.library import Library
from lika.policy.packs.resolved import ResolvedPack
from lika.policy.questions import Question, Refused, answer

_EXAMPLE = """%(example)s
  lika policy eval "net_income_per_capita > param.exit_line" --unit household \\
    --facts facts.json --param exit_line=2736.10
  facts.json: {"household": {"net_income": 24624.90, "members": 9}}
"""

# The exit code of a fault that the user can mend, as in `lika.cli`.
USER_FAULT = 2


class Command(BaseCommand):
    help = _("Check, show, try, load and activate policy packs.")
    requires_system_checks = ()  # they import every page of the site: seconds, for a question answered in one
    # These work on files; the others on what is loaded.
    without_database = frozenset({"check", "list", "show", "diff", "eval"})

    def add_arguments(self, parser: ArgumentParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="WORD")
        check = words.add_parser("check", help=_("check packs and run their golden cases on every engine"))
        check.add_argument("packs", nargs="*", metavar="ID|PATH", help=_("default: all packs that come with Lika"))
        words.add_parser("list", help=_("list the packs that come with Lika"))
        show = words.add_parser("show", help=_("show a pack: parameters, criteria, clauses"))
        show.add_argument("pack", metavar="ID|PATH")
        show.add_argument("--at", type=day, metavar="DATE", help=_("parameters as they stand on a day"))
        show.add_argument("--json", action="store_true", help=_("the canonical text instead"))
        diff = words.add_parser("diff", help=_("what differs between two packs"))
        diff.add_argument("before", metavar="ID|PATH")
        diff.add_argument("after", metavar="ID|PATH")
        self._add_eval(words.add_parser("eval", help=_("answer one expression for one unit")))
        load = words.add_parser("load", help=_("keep a pack as an immutable version"))
        load.add_argument("packs", nargs="+", metavar="ID|PATH")
        load.add_argument("--activate", action="store_true", help=_("and make it the active one"))
        activate = words.add_parser("activate", help=_("make a loaded version the active one"))
        activate.add_argument("reference", metavar="ID[@VERSION]")
        words.add_parser("loaded", help=_("list the loaded versions"))

    def _add_eval(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = _EXAMPLE % {"example": _("For example:")}
        parser.add_argument("expression", metavar="EXPR", help=_("what is asked, in the words of criteria"))
        parser.add_argument("--unit", required=True, choices=UNIT_NAMES, help=_("the kind of unit that is asked about"))
        parser.add_argument(
            "--facts",
            required=True,
            type=Path,
            metavar="FILE.json",
            help=_("the unit's facts, and those of the units below it: %(shape)s")
            % {"shape": '{"household": {…}, "person": [{…}, …]}'},
        )
        parser.add_argument(
            "--engine",
            choices=list(ENGINES),
            default="reference",
            help=_("what works it out; all give the same answer (default: reference)"),
        )
        parser.add_argument("--pack", metavar="ID|PATH", help=_("whose parameters and criteria may be named"))
        parser.add_argument("--at", type=day, metavar="DATE", help=_("the day of parameters and of reference_date"))
        parser.add_argument(
            "--param",
            action="append",
            default=[],
            type=_assignment,
            metavar="NAME=VALUE",
            help=_("a parameter's value"),
        )

    def handle(self, *args: Any, word: str, **options: Any) -> None:
        match word:
            case "check":
                self._check(options["packs"])
            case "list":
                self._list()
            case "show":
                self._show(options["pack"], options["at"], as_json=options["json"])
            case "diff":
                self._write(differences(_pack(options["before"]), _pack(options["after"])) or [_("No difference.")])
            case "eval":
                self._eval(options)
            case "load":
                self._load(options["packs"], activate=options["activate"])
            case "activate":
                row = actions.activate(by=_actor(), reference=options["reference"])
                self._write([_("%(reference)s is active.") % {"reference": row.reference}])
            case _:
                self._loaded()

    def _write(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.stdout.write(line)

    def _check(self, packs: list[str]) -> None:
        folders = [_folder(name) for name in packs or Library.shipped().ids()]
        reports = [check_folder(folder) for folder in folders]
        for report in reports:
            self._write(_report_lines(report))
        if any(report.pack is None for report in reports):
            raise CommandError(_("Not all packs hold."))

    def _list(self) -> None:
        library = Library.shipped()
        for pack_id in library.ids():
            head = library.files(library.folder(pack_id)).head
            if head is not None:
                title = head.value.title
                self._write([f"{pack_id}@{head.value.version}  {title.zh}  {title.en}"])

    def _show(self, name: str, at: dt.date | None, *, as_json: bool) -> None:
        pack = _pack(name)
        if as_json:
            self._write([pack.canonical])
        else:
            day = at or pack.valid.first
            self._write(_page(queries.view(pack, at=day)))
            self._write(_procedures(queries.procedure_lines(pack, at=day)))
            self._write(_reports(queries.report_lines(pack, at=day)))

    def _eval(self, options: dict[str, Any]) -> None:
        path: Path = options["facts"]
        try:
            facts = path.read_bytes()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise UserError("POL-072", _("%(file)s: %(reason)s.") % {"file": path, "reason": reason}) from None
        question = Question(
            text=options["expression"],
            unit=options["unit"],
            engine=options["engine"],
            pack=_pack(options["pack"]) if options["pack"] else None,
            at=options["at"],
            given=dict(options["param"]),
        )
        try:
            found = answer(question, facts, source=str(path))
        except Refused as refusal:
            self.stderr.write(printable(str(refusal)))
            raise SystemExit(USER_FAULT) from None
        self._write([json.dumps(found, ensure_ascii=False)])

    def _load(self, packs: list[str], *, activate: bool) -> None:
        for name in packs:
            row = actions.load(by=_actor(), path=_folder(name))
            self._write(
                [_("%(reference)s is loaded (%(sha)s).") % {"reference": row.reference, "sha": row.sha256[:12]}]
            )
            if activate:
                actions.activate(by=_actor(), reference=row.reference)
                self._write([_("%(reference)s is active.") % {"reference": row.reference}])

    def _loaded(self) -> None:
        for row in queries.list_packs():
            mark = _("active") if row.active else "-"
            self._write([f"{row.reference}  {mark}  {row.sha256[:12]}  {row.title_zh}  {row.title_en}"])


def _actor() -> SystemActor:
    return SystemActor("policy", {Permission.POLICY_MANAGE}, EVERYWHERE)


def _assignment(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name and sign):
        raise ArgumentTypeError(_("%(text)s is not name=value") % {"text": text})
    return name, value


def _folder(name: str) -> Path:
    """The folder of a pack named by path or by id; `id@version` must be the version that lies there."""
    if (Path(name) / HEAD).is_file():
        return Path(name)
    pack_id, _at, version = name.partition("@")
    library = Library.shipped()
    folder = library.folder(pack_id)
    head = library.files(folder).head
    if version and head is not None and head.value.version != version:
        raise NotFound(
            "POL-053",
            _("The folder of %(id)s holds version %(version)s.") % {"id": pack_id, "version": head.value.version},
        )
    return folder


def _pack(name: str) -> ResolvedPack:
    return read_pack(_folder(name))


def _report_lines(report: Report) -> Iterable[str]:
    if report.pack is None:
        yield _("%(folder)s: faults found: %(count)s") % {"folder": report.folder, "count": len(report.faults)}
        yield from (printable(f"  {fault}") for fault in report.faults)
        return
    pack = report.pack
    missing = sum(item.expression is None for item in pack.criteria) + sum(not item.values for item in pack.parameters)
    yield _(
        "%(reference)s holds: criteria %(criteria)s, parameters %(parameters)s, without basis %(missing)s, "
        "golden cases %(cases)s on %(engines)s."
    ) % {
        "reference": pack.reference,
        "criteria": len(pack.criteria),
        "parameters": len(pack.parameters),
        "missing": missing,
        "cases": report.cases,
        "engines": listed(ENGINES),
    }


def _page(pack: queries.PackView) -> Iterable[str]:
    """A pack as text."""
    yield f"{pack.reference}  {pack.title}"
    yield f"{_('Document')}: {pack.document} ({pack.document_alias})"
    yield f"{_('Jurisdiction')}: {pack.jurisdiction}   {_('Valid')}: {pack.valid_from} – {pack.valid_to or '…'}"
    yield f"SHA-256: {pack.sha256}"
    yield ""
    yield f"{_('Parameters')} ({pack.at})"
    for parameter in pack.parameters:
        value = _("basis to be supplied") if parameter.missing else str(parameter.shown)
        yield f"  {parameter.id}  {parameter.label}: {value}  [{parameter.clause_ref}]{_note(parameter)}"
    if pack.items:
        yield ""
        yield _("Collected in this place")
    for item in pack.items:
        yield f"  {item.id} ({item.unit})  {item.label}: {item.type.label}  [{item.clause_ref}]"
    for group in pack.groups:
        yield ""
        yield str(group.label or _("Criteria"))
        for criterion in group.criteria:
            text = " ".join((criterion.expression or _("basis to be supplied")).split())
            yield f"  {criterion.id} ({criterion.unit})  {criterion.label}  [{criterion.clause_ref}]"
            yield f"    {text}{_note(criterion)}"


def _procedures(lines: Iterable[queries.ProcedureLine]) -> Iterable[str]:
    """The procedures of a pack as text, a line for each stage."""
    for line in lines:
        yield ""
        about = f"{line.id} ({line.unit}, {line.purpose})  {line.title}: {line.sum}"
        yield f"{_('Procedure')}  {about}  [{line.clause_ref}]"
        for stage in line.stages:
            period = _("basis to be supplied") if stage.period is None else stage.period
            told = (stage.kind, stage.level, stage.who, period, stage.signers)
            yield f"  {stage.number}. {stage.id}  {stage.title}  {' · '.join(filter(None, told))}  [{stage.clause}]"


def _reports(lines: Iterable[queries.ReportLine]) -> Iterable[str]:
    """The reports of a pack as text, two lines for each figure."""
    for line in lines:
        yield ""
        yield f"{_('Report')}  {line.id} ({line.levels})  {line.title}  [{line.clause_ref}]"
        yield from (f"  {_('Overlap')}: {text}" for text in [line.overlap] if text)
        yield from (f"  {_('From year to year')}: {text}" for text in [line.matrix] if text)
        for figure in line.figures:
            yield f"  {figure.id}  {figure.title} ({figure.measure})  [{figure.clause}]"
            yield f"    {figure.expression or _('basis to be supplied')}{_note(figure)}"


def _note(item: queries.ParameterView | queries.CriterionView | queries.FigureLine) -> str:
    return f"  ({item.basis.label}: {item.note})" if item.note else ""
