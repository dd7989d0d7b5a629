"""`lika screen --snapshot ID --pack ID [--what-if | --make-current] [--whole] [--json] [--verify] [--engine ENGINE]`.

`lika screen --diff OLD NEW [--division CODE] [--units N] [--user NAME] [--json]` compares two of them.
"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from lika.core.errors import UserError
from lika.engine.spark.sessions import is_address
from lika.policy import queries as policy
from lika.snapshots import actions, diffing
from lika.snapshots.choices import Engine
from lika.snapshots.models import Screening
from lika.snapshots.operators import UNITS_LISTED, acting_user, natural_number, operator
from lika.snapshots.queries import screenings as reads
from lika.snapshots.queries import snapshots
from lika.snapshots.verifying import Verification, latest_screening, verify

DIFFERENT = 1


class Command(BaseCommand):
    """Apply a policy pack to a snapshot, or verify that it still gives the same."""

    help = _("Apply a policy pack's criteria to a snapshot.")

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        parser.add_argument("--snapshot", help=str(_("ID of the snapshot (lika snapshot list)")))
        parser.add_argument("--pack", help=str(_("pack, such as cn-gansu/2016 or cn-gansu/2016@1")))
        counting = parser.add_mutually_exclusive_group()
        counting.add_argument(
            "--what-if", action="store_true", help=str(_("trial run: outside the pack's area or dates, never current"))
        )
        counting.add_argument(
            "--make-current",
            action="store_true",
            help=str(_("make its verdicts current also where those of a newer snapshot are")),
        )
        parser.add_argument("--json", action="store_true", help=str(_("print JSON")))
        parser.add_argument(
            "--whole",
            action="store_true",
            help=str(_("work out every county, also where an earlier screening read the same files")),
        )
        parser.add_argument(
            "--verify",
            action="store_true",
            help=str(_("check what the latest screening stored, run it again and compare")),
        )
        parser.add_argument(
            "--engine",
            default=Engine.DUCKDB.value,
            help=str(_("duckdb, a Spark cluster by its address (spark://HOST:PORT), or with --verify reference")),
        )

        parser.add_argument(
            "--diff",
            nargs=2,
            metavar=("OLD", "NEW"),
            help=str(_("compare two screenings by their ids: who changed, by which criterion, by which facts")),
        )
        parser.add_argument("--division", default="", metavar="CODE", help=str(_("with --diff: within this division")))
        parser.add_argument(
            "--units",
            type=natural_number,
            default=UNITS_LISTED,
            metavar="N",
            help=str(_("with --diff: list so many units of each kind; the totals are always whole")),
        )
        parser.add_argument("--user", metavar="NAME", help=str(_("with --diff: act as this user, within their area")))

    def handle(self, *args: Any, **options: Any) -> None:
        """Screen, verify or compare."""
        if options["diff"] is not None:
            self._diff(options)
            return
        for name in ("snapshot", "pack"):
            if not options[name]:
                raise CommandError(_("--%(option)s is missing.") % {"option": name})
        engine, cluster = _engine(options["engine"], verifying=options["verify"])
        pack = policy.get(options["pack"]).pack()
        if options["verify"]:
            snapshot = snapshots.get_snapshot(operator(), options["snapshot"])
            found = latest_screening(snapshot, pack, what_if=options["what_if"])
            self._report(verify(found, engine, cluster=cluster), as_json=options["json"])
            return
        screening = actions.screen(
            by=operator(),
            snapshot=options["snapshot"],
            pack=pack,
            what_if=options["what_if"],
            over_newer=options["make_current"],
            cluster=cluster,
            whole=options["whole"],
        )
        if options["json"]:
            self.stdout.write(json.dumps(summary(screening), ensure_ascii=False, indent=2))
        else:
            self._print(screening)

    def _diff(self, options: dict[str, Any]) -> None:
        by = acting_user(options["user"]) if options["user"] else operator()
        told = diffing.diff(by, *options["diff"], division=options["division"], limit=options["units"])
        if options["json"]:
            self.stdout.write(json.dumps(diffing.as_json(told), ensure_ascii=False, indent=2))
            return
        for line in diffing.lines_of(told):
            self.stdout.write(line)

    def _print(self, screening: Screening) -> None:
        mark = f" [{_('trial run')}]" if screening.what_if else ""
        self.stdout.write(f"{screening.title} ({screening.pack}){mark}  {screening.snapshot_id}")
        for unit in reads.totals(screening):
            self.stdout.write(f"\n{unit.kind.label}: {unit.total}")
            for line in unit.criteria:
                self.stdout.write(
                    _("  %(met)8d met  %(not_met)8d not met  %(unknown)8d unknown  %(title)s")
                    % {"met": line.met, "not_met": line.not_met, "unknown": line.unknown, "title": line.title}
                )
        self.stdout.write("\n" + _("Screening %(id)s") % {"id": screening.pk})
        self.stdout.write(_("Digest %(digest)s") % {"digest": screening.digest})
        self.stdout.write(_("Done in %(seconds).1f s.") % {"seconds": screening.seconds})
        if screening.built_on is not None:
            self.stdout.write(
                _("%(kept)d of %(files)d verdict files taken over from screening %(id)s: their data are unchanged.")
                % {"kept": screening.parts_kept, "files": screening.files.count(), "id": screening.built_on.pk}
            )
        for earlier, code in screening.passed_over:
            self.stdout.write(
                _("Not built on screening %(id)s, which is not whole: %(code)s") % {"id": earlier, "code": code}
            )
        newer = None if screening.what_if else reads.newer_current(screening)
        if newer is not None:
            self.stdout.write(
                _("Not made current: the verdicts of the newer snapshot %(id)s stay. --make-current replaces them.")
                % {"id": newer.snapshot_id}
            )

    def _report(self, found: Verification, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(_verification(found), ensure_ascii=False, indent=2))
        elif found.same:
            self.stdout.write(_("The same: %(what)s.") % {"what": _compared(found)})
        else:
            self.stderr.write(_("DIFFERENT: %(what)s.") % {"what": _compared(found)})
            for fault in found.faults:
                self.stderr.write(f"  {fault}")
            for difference in found.comparison.differences[:20] if found.comparison else ():
                self.stderr.write(
                    f"  {difference.unit} {difference.id} {difference.criterion}: "
                    f"{difference.stored} / {difference.reference}"
                )
        if not found.same:
            raise SystemExit(DIFFERENT)


def _engine(asked: str, *, verifying: bool) -> tuple[Engine, str | None]:
    """The engine and, for Spark, its address. Raises SCR-007."""
    if asked == Engine.DUCKDB or (asked == Engine.REFERENCE and verifying):
        return Engine(asked), None
    if is_address(asked):
        return Engine.SPARK, asked
    raise UserError(
        "SCR-007",
        _("There is no engine %(engine)s here.") % {"engine": asked[:80]},
        remedy=_("Write duckdb, the address of a Spark cluster (spark://HOST:PORT), or, with --verify, reference."),
    )


def summary(screening: Screening) -> dict[str, Any]:
    """A screening for machines: counts by unit and criterion, digests, seconds."""
    return {
        "screening": str(screening.pk),
        "snapshot": screening.snapshot_id,
        "pack": screening.pack,
        "pack_sha256": screening.pack_sha256,
        "what_if": screening.what_if,
        "current": bool(reads.current_among([screening])),
        "units": {
            unit.kind.value: {
                "total": unit.total,
                "criteria": {
                    line.criterion: {"met": line.met, "not_met": line.not_met, "unknown": line.unknown}
                    for line in unit.criteria
                },
            }
            for unit in reads.totals(screening)
        },
        "digest": screening.digest,
        "built_on": str(screening.built_on.pk) if screening.built_on else None,
        "files_kept": screening.parts_kept,
        "passed_over": {str(earlier): code for earlier, code in screening.passed_over},
        "digests": [
            {"unit": file.unit_kind, "county": f"{file.county:06d}", "total": file.total, "digest": file.digest}
            for file in screening.files.order_by("unit_kind", "county")
        ],
        "seconds": round(screening.seconds, 3),
    }


def _verification(found: Verification) -> dict[str, Any]:
    comparison = found.comparison
    return {
        "screening": str(found.screening.pk),
        "engine": found.engine.value,
        "same": found.same,
        "digest": found.screening.digest,
        "digest_again": found.digest,
        "faults": [
            {"code": fault.code, "message": str(fault.message), "where": dict(fault.where)} for fault in found.faults
        ],
        "compared": comparison.compared if comparison else None,
        "differences": len(comparison.differences) if comparison else None,
    }


def _compared(found: Verification) -> str:
    if found.comparison is None and found.digest is None:
        return _("the stored verdicts cannot be compared")
    if found.comparison is None:
        return _("digest %(digest)s, again %(again)s") % {"digest": found.screening.digest, "again": found.digest}
    units = ", ".join(f"{unit} {number}" for unit, number in found.comparison.compared.items())
    return _("reference engine on a sample (%(units)s), %(count)d differences") % {
        "units": units,
        "count": len(found.comparison.differences),
    }
