"""`lika scenario try | run | list | show | compare | draft`.

Changes to a pack tried on a stored screening, as a trial run (试算); what is found right becomes a draft pack.
"""

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.core.errors import NotFound
from lika.snapshots import actions, diffing, scenario_beside, scenario_report
from lika.snapshots.operators import UNITS_LISTED, acting_user, natural_number, operator
from lika.snapshots.queries.scenarios import get_scenario, list_scenarios
from lika.snapshots.scenario_draft import scenario_files, write_draft


class Command(BaseCommand):
    help = _("Change parameters or criteria, see who enters and who leaves, what it costs, and its errors.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options of each word."""
        words = parser.add_subparsers(dest="word", required=True, metavar="WORD")
        tried = words.add_parser("try", help=_("save a scenario, run it as a trial and show what it gives"))
        tried.add_argument("--base", required=True, metavar="SCREENING", help=_("the screening to start from"))
        tried.add_argument("--name", required=True, help=_("what is tried, in a few words"))
        tried.add_argument("--reason", required=True, help=_("why; kept with the scenario and in the audit"))
        for option, meaning in (
            ("--set", _("a parameter's value; may be given several times")),
            ("--criterion", _("a criterion's expression; may be given several times")),
            ("--amount", _("what one unit that meets a criterion costs, a number or an expression")),
        ):
            tried.add_argument(option, action="append", default=[], type=_pair, metavar="NAME=TEXT", help=meaning)
        run = words.add_parser("run", help=_("run a saved scenario again and show what it gives"))
        run.add_argument("scenario", metavar="ID")
        listed = words.add_parser("list", help=_("list the scenarios, newest first"))
        shown = words.add_parser("show", help=_("show what the last run of a scenario gave"))
        shown.add_argument("scenario", metavar="ID")
        compared = words.add_parser("compare", help=_("put two to four scenarios of one screening side by side"))
        compared.add_argument("scenarios", nargs="+", metavar="ID")
        compared.add_argument("--division", default="", metavar="CODE", help=_("within this division"))
        draft = words.add_parser("draft", help=_("write a scenario as the files of a pack that extends the old one"))
        draft.add_argument("scenario", metavar="ID")
        draft.add_argument("out", type=Path, metavar="FOLDER|FILE.zip", help=_("where packs lie, or a ZIP to be made"))
        draft.add_argument("--id", required=True, dest="pack_id", metavar="PACK", help=_("the id of the new pack"))
        draft.add_argument("--version", default="1", dest="pack_version", help=_("its version (default: 1)"))
        draft.add_argument("--user", metavar="NAME", help=_("act as this user, within their area"))
        asked = words.add_parser("do", help=_("run a scenario as was asked for on its page"))
        asked.add_argument("scenario", metavar="ID")
        for each in (tried, run, shown):
            _add_report(each)
        for each in (tried, run, listed, shown, compared):
            each.add_argument("--user", metavar="NAME", help=_("act as this user, within their area"))
            each.add_argument("--json", action="store_true", help=_("print JSON"))

    def handle(self, *args: Any, word: str, **options: Any) -> None:
        """Try, run, list or show."""
        if word == "do":
            actions.do_run(scenario=_identifier(options["scenario"]))
            return
        by: Actor = acting_user(options["user"]) if options["user"] else operator()
        match word:
            case "list":
                self._list(by, as_json=options["json"])
            case "compare":
                chosen = [get_scenario(by, _identifier(text)) for text in options["scenarios"]]
                found = scenario_beside.beside(by, chosen, division=options["division"])
                self._tell(scenario_beside.lines_of(found), scenario_beside.as_json(found), as_json=options["json"])
            case "draft":
                self._draft(by, options)
            case _:
                self._report(by, word, options)

    def _report(self, by: Actor, word: str, options: dict[str, Any]) -> None:
        if word == "try":
            scenario = actions.save_scenario(
                by=by,
                base=diffing.identifier(options["base"]),
                name=options["name"],
                reason=options["reason"],
                parameters=dict(options["set"]),
                criteria=dict(options["criterion"]),
                amounts=dict(options["amount"]),
            )
        else:
            scenario = get_scenario(by, _identifier(options["scenario"]))
        if word != "show":
            actions.run_scenario(by=by, scenario=scenario.pk)
        found = scenario_report.report(
            by,
            get_scenario(by, scenario.pk),
            division=options["division"],
            limit=options["units"],
            truth=options["truth"],
            true_by=options["true_by"],
            of=options["of"],
        )
        self._tell(scenario_report.lines_of(found), scenario_report.as_json(found), as_json=options["json"])

    def _draft(self, by: Actor, options: dict[str, Any]) -> None:
        scenario = get_scenario(by, _identifier(options["scenario"]))
        files = scenario_files(scenario, pack_id=options["pack_id"], version=options["pack_version"])
        folder = write_draft(options["out"], options["pack_id"], files)
        for name in files:
            self.stdout.write(f"{folder}/{name}")
        if options["out"].suffix == ".zip":
            self.stdout.write(_("A draft: nothing is loaded. Unpack it beside the pack that it extends and check it."))
        else:
            told = _("A draft: nothing is loaded. Check it: lika policy check %(folder)s")
            self.stdout.write(told % {"folder": folder})

    def _tell(self, lines: Iterable[str], told: Any, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        for line in lines:
            self.stdout.write(line)

    def _list(self, by: Actor, *, as_json: bool) -> None:
        found = list_scenarios(by)
        lines = (line for each in found for line in scenario_report.heading(each))
        self._tell(lines, [scenario_report.scenario_json(each) for each in found], as_json=as_json)


def _add_report(parser: ArgumentParser) -> None:
    parser.add_argument("--division", default="", metavar="CODE", help=_("within this division"))
    parser.add_argument(
        "--units",
        type=natural_number,
        default=UNITS_LISTED,
        metavar="N",
        help=_("list so many units of each kind; the totals are always whole"),
    )
    truth = parser.add_mutually_exclusive_group()
    truth.add_argument(
        "--truth", default="", metavar="EXPR", help=_("errors against this condition: poverty = 'poor', met('…')")
    )
    truth.add_argument(
        "--true-by", default="", metavar="SCREENING", help=_("errors against the same criterion of another screening")
    )
    parser.add_argument(
        "--of", default="", metavar="CRITERION", help=_("whose errors; otherwise the criterion that sums up households")
    )


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name.strip() and sign):
        raise ArgumentTypeError(_("%(text)s is not NAME=TEXT") % {"text": text})
    return name.strip(), value


def _identifier(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(
            "SCR-063",
            _("There is no such scenario in your area."),
            remedy=_("`lika scenario list` shows all scenarios."),
        ) from None
