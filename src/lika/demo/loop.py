"""The loop on the places of the demonstration, step by step; each step looks first whether it is already done.

Killing it anywhere and starting again goes on from where it stopped: every step is one transaction, or
writes its file under another name and renames it.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils.translation import gettext as _

from lika.accounts.models import Official
from lika.casework.actions import days as work_days
from lika.collection.actions import import_register
from lika.collection.choices import BatchState
from lika.collection.models import ImportBatch
from lika.config.env import DEMONSTRATION_MARK
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.demo import accounts, campaigning, collecting, faulty, governing, pairing, papers, planting, publishing
from lika.demo import workbook as demo_workbook
from lika.demo.areas import positions
from lika.demo.casework import campaigns as casework
from lika.demo.names import Numbers
from lika.demo.place import Place, draw_place, villages
from lika.demo.places import DANGCHANG, KUIXU, PLACES, DemoPlace
from lika.demo.table import Draw, read
from lika.demo.tour_households import shown
from lika.divisions import actions as divisions_actions
from lika.divisions import queries as divisions
from lika.divisions import sources
from lika.divisions.actions import NaturalVillage, Position
from lika.divisions.outlines import county_outline
from lika.monitoring.actions import ask_for_leads, look_for_leads, run_quality
from lika.monitoring.choices import RunState
from lika.monitoring.models import LeadRun, QualityRun
from lika.policy import actions as policy_actions
from lika.policy import queries as policy
from lika.register import actions as register_actions
from lika.register import queries as register
from lika.register.choices import YearState
from lika.reports.actions import run_report
from lika.snapshots.actions import screen, take
from lika.snapshots.models import Screening, Snapshot

PACKS = DANGCHANG.packs
PACK_SHOWN = PACKS[1]
LEADS = "demo/cn-leads"
RECORD = "demo/cn-record"
Say = Callable[[str], None]


def actor() -> SystemActor:
    """Who sets the demonstration up."""
    return SystemActor("demonstration", list(Permission), EVERYWHERE)


@dataclass
class Files:
    """The workbooks of the demonstration, in the data folder."""

    folder: Path = field(default_factory=lambda: settings.LIKA.data_dir / "demo")

    @property
    def county(self) -> Path:
        return self.of(DANGCHANG)

    def of(self, place: DemoPlace) -> Path:
        """The workbook of a place."""
        return self.folder / place.workbook

    @property
    def faulty(self) -> Path:
        return self.folder / "演示-有错误.xlsx"

    @property
    def corrected(self) -> Path:
        return self.folder / "演示-已更正.xlsx"


@dataclass(frozen=True)
class Outcome:
    """What the loop came to in one place: the snapshot and a screening per pack."""

    place: DemoPlace
    snapshot: Snapshot
    screenings: list[Screening]


class Loop:
    """The steps, with the time each takes."""

    def __init__(
        self,
        say: Say,
        files: Files | None = None,
        *,
        households: int | None = None,
        province: str | None = None,
        places: Sequence[DemoPlace] = PLACES,
    ) -> None:
        """`households` makes a smaller county; `province` loads the divisions of one province only."""
        self._say = say
        self.files = files or Files()
        self._households = households
        self._province = province
        self._places = places
        self._by = actor()

    def run(self) -> list[Outcome]:
        """All steps in order; returns what each place came to."""
        with self._step(_("Tables")):
            call_command("migrate", verbosity=0)
            self.mark()
        with self._step(_("Divisions")):
            self.divisions()
        with self._step(_("Policy packs")):
            self.packs()
        with self._step(_("Accounts")):
            accounts.make(by=self._by, provinces={place.county[:2] for place in self._places})
        with self._step(_("Workbooks")):
            self.workbooks()
        with self._step(_("Import")):
            self.load()
        with self._step(_("Pairing")):
            if DANGCHANG in self._places:
                pairing.pair(by=self._by)
                self.lock()
        with self._step(_("Township and village work")):
            if DANGCHANG in self._places:
                self.township_work()
        with self._step(_("Its numbers")):
            self.campaigns()
        with self._step(_("Snapshot")):
            snapshots = [self.snapshot(place) for place in self._places]
        with self._step(_("Screening")):
            outcomes = [
                Outcome(place, snapshot, [self.screening(snapshot, pack) for pack in place.packs])
                for place, snapshot in zip(self._places, snapshots, strict=True)
            ]
        with self._step(_("Cases")):
            self.cases()
        with self._step(_("Public page")):
            for place in self._places:
                publishing.publish(place)
        self.look_into(snapshots)
        with self._step(_("Yearly collection")):
            if DANGCHANG in self._places:
                collecting.open_round()
        with self._step(_("Audit chain")):
            call_command("audit", "seal", verbosity=0)
        return outcomes

    def look_into(self, snapshots: Sequence[Snapshot]) -> None:
        """Reports, faults and leads of every place."""
        with self._step(_("Reports")):
            for place, snapshot in zip(self._places, snapshots, strict=True):
                self.reports(snapshot, place.packs)
        with self._step(_("Data quality")):
            for snapshot in snapshots:
                self.quality(snapshot)
        with self._step(_("Duplicates and evasion")):
            for place in self._places:
                self.leads(place)

    def township_work(self) -> None:
        """Duties, papers, requests and a survey of the tour's township."""
        governing.name_holders(by=self._by)
        papers.keep(by=self._by)
        governing.receive_requests(by=self._by)
        governing.begin_survey(by=self._by)

    def campaigns(self) -> None:
        """Plans to reduce in the first place, the size of identification in the second."""
        if DANGCHANG in self._places:
            campaigning.plan_reduction(by=self._by)
        if KUIXU in self._places:
            campaigning.split_control_size(by=self._by)

    def cases(self) -> None:
        """Batches at every stage: of both exits in the first place, of the identification in the second."""
        if DANGCHANG in self._places:
            casework.show_exit(by=self._by)
            casework.show_village_exit(by=self._by)
        if KUIXU in self._places:
            casework.show_identification(by=self._by)

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self._say(f"  {name}  {time.monotonic() - began:.1f} s")

    def mark(self) -> None:
        """Refuse a register in use; mark the data folder, so that every page says 演示数据 from now on."""
        mark = settings.LIKA.data_dir / DEMONSTRATION_MARK
        strangers = Official.objects.exclude(user__username__in=[one.username for one in accounts.OFFICIALS])
        strangers = strangers.exclude(user=None, name__startswith=governing.INVENTED)
        if strangers.exists() or (not mark.exists() and register.households_visible_to(self._by).exists()):
            raise UserError(
                "DEM-004",
                _("This register is in use: the demonstration would mix invented households into it."),
                remedy=_("Give the demonstration a data folder of its own (LIKA_DATA_DIR)."),
            )
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()

    def divisions(self) -> None:
        """The official codes, the published work days, and what is invented: natural villages, positions."""
        divisions_actions.load(by=self._by, batch=sources.packaged(self._province), overwrite=False)
        work_days.load_days(by=self._by)
        if DANGCHANG in self._places:
            table = read("tour")
            natural = [NaturalVillage(table["village"], name) for name in table["natural_villages"]]
            divisions_actions.add_natural_villages(by=self._by, entries=natural)
        for place in self._places:
            self._place_villages(place)

    def _place_villages(self, place: DemoPlace) -> None:
        if divisions.children(place.county).filter(longitude__isnull=False).exists():
            return
        outline = county_outline(place.county)
        if outline is None:
            raise UserError("DEM-001", _("The outline of the demonstration county is missing."), division=place.county)
        ring = max((polygon[0] for polygon in outline["features"][0]["geometry"]["coordinates"]), key=len)
        found = positions(Draw("positions"), ring, villages(place.table))
        divisions_actions.set_positions(
            by=self._by,
            positions={code: Position(Decimal(str(x)), Decimal(str(y))) for code, (x, y) in found.items()},
            invented=True,
        )

    def packs(self) -> None:
        """Of each place the pack of the document and its overlay, all in force; the numbers of leads and income."""
        for place in self._places:
            for pack in (*place.packs, LEADS, RECORD):
                policy_actions.load(by=self._by, path=settings.LIKA.packs_dir / pack)
                policy_actions.activate(by=self._by, reference=pack)

    def workbooks(self) -> None:
        """A workbook of each place, and the two small ones of the first; written once, under another name first."""
        self.files.folder.mkdir(parents=True, exist_ok=True)
        for place in self._places:
            if place != DANGCHANG and not self.files.of(place).exists():
                drawn = draw_place(place.name)
                planting.distinct_doors(drawn)
                self._written(self.files.of(place), partial(demo_workbook.write, place=drawn))
        if DANGCHANG in self._places:
            self._first_workbooks()

    def _first_workbooks(self) -> None:
        missing = [path for path in (self.files.county, self.files.faulty, self.files.corrected) if not path.exists()]
        if not missing:
            return
        numbers = Numbers(DANGCHANG.table["identity_prefix"])
        county = draw_place(households=self._households, numbers=numbers)
        planting.plant(county)
        self._written(self.files.county, lambda path: demo_workbook.write(path, county))
        self._write_small(county, numbers)

    def _write_small(self, county: Place, numbers: Numbers) -> None:
        part = self.files.corrected.with_suffix(".part.xlsx")
        self._written(self.files.faulty, lambda path: faulty.write(path, part, county, numbers))
        part.replace(self.files.corrected)

    def _written(self, path: Path, write: Callable[[Path], None]) -> None:
        part = path.with_suffix(".part.xlsx")
        write(part)
        part.replace(path)

    def load(self) -> None:
        """Each place through the spreadsheet door, once."""
        for place in self._places:
            self._load(self.files.of(place))

    def _load(self, path: Path) -> None:
        published = (BatchState.PUBLISHED, BatchState.UNCHANGED)
        if ImportBatch.objects.filter(file_name=path.name, state__in=published).exists():
            return
        report = import_register(by=self._by, path=path)
        if not report.is_published:
            raise UserError(
                "DEM-002",
                _("The demonstration county was refused by the door."),
                remedy=_("Look at the import page."),
                file=path.name,
            )

    def lock(self) -> None:
        """One past year is closed, to show that a workbook does not change it."""
        household = register.household_visible_to(self._by, shown()[faulty.LOCKED - 1].number)
        row = household.years.get(data_year=min(read("distributions")["data_years"]))
        if row.state == YearState.DRAFT:
            checker = SystemActor("demonstration-checker", [Permission.REGISTER_CONFIRM], EVERYWHERE)
            row = register_actions.confirm_year(by=checker, row=row)
        if row.state == YearState.CONFIRMED:
            register_actions.lock_year(by=self._by, row=row)

    def snapshot(self, place: DemoPlace) -> Snapshot:
        """The county at the end of the place's last data year; a new one only after a newer import."""
        at, county = place.time_point, int(place.county)
        newest = ImportBatch.objects.filter(state=BatchState.PUBLISHED).order_by("-finished_at").first()
        since = newest.finished_at if newest else dt.datetime.min.replace(tzinfo=dt.UTC)
        found = Snapshot.objects.filter(at=at, division=county, taken_at__gte=since).order_by("-taken_at").first()
        return found or take(by=self._by, at=at, division=str(county))

    def quality(self, snapshot: Snapshot) -> None:
        """The rules of quality over the snapshot, once."""
        if not QualityRun.objects.filter(snapshot=snapshot).exists():
            run_quality(by=self._by, snapshot=snapshot.id)

    def leads(self, place: DemoPlace) -> None:
        """What is found across the households of the place's county, as of its time point, once."""
        if not LeadRun.objects.filter(division=int(place.county), state=RunState.DONE).exists():
            run = ask_for_leads(by=self._by, division=place.county, at=place.time_point)
            look_for_leads(by=self._by, run=run.pk)

    def reports(self, snapshot: Snapshot, packs: Sequence[str]) -> None:
        """Every report of the packs over the snapshot; what was worked out before is left as it is."""
        for pack in map(policy.get, packs):
            resolved = pack.pack()
            for report in resolved.reports:
                run_report(by=self._by, snapshot=snapshot.id, pack=resolved, report=report.id)

    def screening(self, snapshot: Snapshot, pack: str) -> Screening:
        """The pack over the snapshot, once."""
        resolved = policy.get(pack).pack()
        found = Screening.objects.filter(snapshot=snapshot, pack_sha256=resolved.sha256, what_if=False).first()
        return found or screen(by=self._by, snapshot=snapshot.id, pack=resolved)
