"""`lika snapshot take | list | verify | hand-up | receive | merge | duplicates | senders | trust | distrust`."""

import csv
import json
import time
from collections.abc import Mapping
from dataclasses import asdict
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from lika.core.areas import Area
from lika.core.arguments import day
from lika.core.errors import UserError
from lika.snapshots import actions
from lika.snapshots.actions.snapshots import ALL_STATES
from lika.snapshots.handed import cannot_write, open_private
from lika.snapshots.models import Snapshot
from lika.snapshots.operators import operator
from lika.snapshots.queries import handed
from lika.snapshots.queries import snapshots as reads


class Command(BaseCommand):
    """Take, list and verify snapshots; hand them up and take them in."""

    help = _("Take, list and verify snapshots of the register; hand them up, take them in, merge them.")

    def add_arguments(self, parser: CommandParser) -> None:
        """The sub-commands."""
        commands = parser.add_subparsers(dest="action", required=True)
        take = commands.add_parser("take", help=str(_("freeze the register of an area at a standard time point")))
        take.add_argument("--at", type=day, required=True, help=str(_("standard time point, such as 2016-12-31")))
        take.add_argument("--division", required=True, help=str(_("code of the area, such as 621223")))
        take.add_argument("--year", type=int, help=str(_("data year (that of the time point unless given)")))
        take.add_argument(
            "--states", default=",".join(ALL_STATES), help=str(_("row states admitted, separated by commas"))
        )
        commands.add_parser("list", help=str(_("list the snapshots, newest first")))
        verify = commands.add_parser("verify", help=str(_("check that snapshots are as they were taken")))
        verify.add_argument("id", nargs="?", help=str(_("one snapshot; all of them unless given")))
        hand_up = commands.add_parser("hand-up", help=str(_("write a snapshot as one signed file for the level above")))
        hand_up.add_argument("id")
        hand_up.add_argument("--to", type=Path, required=True, metavar="FILE.zip")
        receive = commands.add_parser("receive", help=str(_("take in what a trusted sender handed up")))
        receive.add_argument("file", type=Path, nargs="+", metavar="FILE.zip")
        merge = commands.add_parser("merge", help=str(_("make one snapshot of an area from those of its parts")))
        merge.add_argument("id", nargs="+")
        merge.add_argument("--division", required=True, help=str(_("code of the area, 000000 for the country")))
        merge.add_argument(
            "--without", nargs="+", default=[], metavar="CODE", help=str(_("divisions that have no register"))
        )
        twice = commands.add_parser("duplicates", help=str(_("people who stand in a snapshot more than once")))
        twice.add_argument("id")
        twice.add_argument("--json", action="store_true", help=str(_("print JSON")))
        twice.add_argument("--csv", type=Path, metavar="FILE", help=str(_("write every row of them as CSV")))
        commands.add_parser("senders", help=str(_("whose snapshots are taken in here")))
        trust = commands.add_parser("trust", help=str(_("take in snapshots signed with a key")))
        trust.add_argument("--division", required=True, help=str(_("code of the sender's area")))
        trust.add_argument("--name", required=True, help=str(_("what the sender is called")))
        trust.add_argument("--key", type=Path, required=True, metavar="FILE.pem", help=str(_("its public key")))
        distrust = commands.add_parser("distrust", help=str(_("take in nothing more that a key signed")))
        distrust.add_argument("fingerprint")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the sub-command."""
        getattr(self, f"_{options['action'].replace('-', '_')}")(options)

    def _take(self, options: dict[str, Any]) -> None:
        started = time.perf_counter()
        taken = actions.take(
            by=operator(),
            at=options["at"],
            division=options["division"],
            year=options["year"],
            states=[state.strip() for state in options["states"].split(",") if state.strip()],
        )
        seconds = time.perf_counter() - started
        self.stdout.write(_line(taken))
        self.stdout.write(_("Taken in %(seconds).1f s.") % {"seconds": seconds})

    def _list(self, options: dict[str, Any]) -> None:
        found = list(reads.list_snapshots(operator()))
        for snapshot in found:
            self.stdout.write(_line(snapshot))
        if not found:
            self.stdout.write(_("No snapshot yet. Take one with `lika snapshot take`."))

    def _verify(self, options: dict[str, Any]) -> None:
        wanted = (
            [reads.get_snapshot(operator(), options["id"])] if options["id"] else list(reads.list_snapshots(operator()))
        )
        faults: list[UserError] = []
        for snapshot in wanted:
            try:
                reads.refuse_altered(snapshot)
                self.stdout.write(_("%(id)s is as it was taken.") % {"id": snapshot.pk})
            except UserError as error:
                self.stderr.write(str(error))
                faults.append(error)
        if faults:
            raise SystemExit(2)

    def _hand_up(self, options: dict[str, Any]) -> None:
        key = actions.hand_up(by=operator(), snapshot=options["id"], target=options["to"])
        self.stdout.write(
            _("%(id)s lies in %(file)s, signed with the key %(key)s.")
            % {"id": options["id"], "file": options["to"].name, "key": key}
        )
        self.stdout.write(
            _("The level above needs the public key once: audit/audit-public-key.pem of the data folder.")
        )

    def _receive(self, options: dict[str, Any]) -> None:
        refused = []
        for path in options["file"]:
            try:
                self.stdout.write(_line(actions.receive(by=operator(), path=path)))
            except UserError as error:
                self.stderr.write(f"{path.name}: {error}")
                refused.append(path)
        if refused:
            raise SystemExit(2)

    def _merge(self, options: dict[str, Any]) -> None:
        by = operator()
        given = {"snapshots": options["id"], "division": options["division"], "without": options["without"]}
        merged = actions.merge(by=by, **given)
        self.stdout.write(_line(merged))
        columns = handed.left_out(by, merged.pk)
        if columns:
            self.stdout.write(
                _("Not all of them collect these facts, which are left out: %(facts)s") % {"facts": ", ".join(columns)}
            )
        none = Area.of(options["without"])
        missing = [code for code in handed.missing_counties(by, merged.pk) if not none.covers(code)]
        if missing:
            self.stdout.write(
                _("%(count)d counties are not in it: %(codes)s")
                % {"count": len(missing), "codes": ", ".join(handed.shortened(by, merged.pk, missing))}
            )
        lacking = handed.not_whole(by, merged.pk)
        if lacking:
            self.stdout.write(
                _("Only a part of these is in it, and what a pack asks of them as a whole is not screened: %(places)s")
                % {"places": ", ".join(f"{each.code[:6]} {each.name}" for each in lacking)}
            )

    def _duplicates(self, options: dict[str, Any]) -> None:
        found = actions.report_duplicates(by=operator(), snapshot=options["id"])
        if options["csv"]:
            _write(found, options["csv"])
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(found), ensure_ascii=False, indent=2))
            return
        self.stdout.write(
            _("%(count)d people stand in it more than once; %(without)d rows have no token.")
            % {"count": len(found.groups), "without": found.without}
        )
        for (one, other), count in found.pairs.items():
            self.stdout.write(f"{one}  {other}  {count}")
        if found.unknown:
            self.stdout.write(
                _("The key of the tokens of these counties is not known; they were not compared: %(codes)s")
                % {"codes": ", ".join(found.unknown)}
            )
        if len(found.compared) > 1:
            self.stdout.write(_("The counties use several keys, and only those of one key can be compared:"))
            for key, counties in found.compared.items():
                self.stdout.write(f"{key}  {', '.join(counties)}")

    def _senders(self, options: dict[str, Any]) -> None:
        found = list(handed.senders(operator()))
        for sender in found:
            ended = _("  ended %(day)s") % {"day": sender.ended_at.date().isoformat()} if sender.ended_at else ""
            self.stdout.write(f"{sender.fingerprint}  {sender.division:012d}  {sender.name}{ended}")
        if not found:
            self.stdout.write(_("Nobody's snapshots are taken in yet. Add a sender with `lika snapshot trust`."))

    def _trust(self, options: dict[str, Any]) -> None:
        sender = actions.trust(by=operator(), division=options["division"], name=options["name"], key=options["key"])
        self.stdout.write(
            _("Snapshots signed with %(key)s are taken in from now on. Compare the key with the sender by telephone.")
            % {"key": sender.fingerprint}
        )

    def _distrust(self, options: dict[str, Any]) -> None:
        sender = actions.distrust(by=operator(), fingerprint=options["fingerprint"])
        self.stdout.write(_("Nothing more of %(name)s is taken in.") % {"name": sender.name})


def _write(found: handed.Duplicates, target: Path) -> None:
    """Every row of them, where this user alone may read it. Raises SNP-038."""
    try:
        with open_private(target) as raw, TextIOWrapper(raw, encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["group", "county", "village", "household_id", "person_id"])
            for number, group in enumerate(found.groups, start=1):
                writer.writerows([number, *asdict(each).values()] for each in group)
    except OSError as error:
        raise cannot_write(error, target) from error


def _as_json(found: handed.Duplicates) -> Mapping[str, Any]:
    return {
        "groups": [[asdict(each) for each in group] for group in found.groups],
        "pairs": [{"counties": list(pair), "people": count} for pair, count in found.pairs.items()],
        "compared": {key: list(counties) for key, counties in found.compared.items()},
        "unknown": list(found.unknown),
        "without": found.without,
    }


def _line(snapshot: Snapshot) -> str:
    told = _("%(id)s  time point %(at)s  period %(from)s to %(to)s  %(households)d households  %(persons)d persons") % {
        "id": snapshot.pk,
        "at": snapshot.at.isoformat(),
        "from": snapshot.period_from.isoformat(),
        "to": snapshot.period_to.isoformat(),
        "households": snapshot.households,
        "persons": snapshot.persons,
    }
    left_out = snapshot.drafts_left_out
    return told + (_("  %(drafts)d drafts left out") % {"drafts": left_out} if left_out else "")
