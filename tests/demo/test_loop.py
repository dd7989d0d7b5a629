"""The whole loop on a small demonstration county, once more over what it left, and with faulty workbooks."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from lika.accounts.models import Official
from lika.collection.actions import import_register
from lika.collection.choices import BatchState, Severity
from lika.collection.models import ImportBatch, Round
from lika.collection.rounds.choices import EntryState, SubmissionState
from lika.collection.rules import RULES
from lika.core.actors import SystemActor
from lika.core.areas import Area
from lika.core.errors import UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.demo import accounts, planting, tour
from lika.demo.faulty import CODES, FAULTS
from lika.demo.loop import PACKS, Files, Loop, actor
from lika.demo.place import Place, draw_place
from lika.demo.places import DANGCHANG
from lika.disclosure.models import Proposal, Publication
from lika.monitoring.models import Lead
from lika.policy import queries as policy
from lika.register import queries as register
from lika.reports.choices import ReportState
from lika.reports.models import ReportRun
from lika.snapshots.models import Screening, Snapshot

pytestmark = pytest.mark.slow

HOUSEHOLDS = 350


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def _county(django_db_setup: None, django_db_blocker: pytest.FixtureRequest, files: Files) -> Iterator[None]:
    """The loop, run once for the module and committed; the tables are emptied afterwards."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        Loop(lambda line: None, files, households=HOUSEHOLDS, province="62", places=[DANGCHANG]).run()
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(autouse=True)
def _open_database(_county: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield


def test_each_household_of_the_tour_shows_what_it_was_made_for() -> None:
    stops = tour.stops(actor())
    assert {stop.household.number: dict(stop.got) for stop in stops} == {
        stop.household.number: dict(stop.household.expect) for stop in stops
    }
    assert len(stops) == 20


def test_the_tour_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("tour", "2")
    printed = capsys.readouterr().out
    assert "人均纯收入为2,952.00元，应大于当年省定退出验收标准（2,952.00元/人）：不符合" in printed
    assert "✗" not in printed


def test_what_was_planted_across_households_is_found_and_nothing_else() -> None:
    """Precision and recall are one: the leads of the county are those planted, and what the tour's village shows."""
    place = draw_place(households=HOUSEHOLDS)
    expected = {(each.pattern, each.about) for each in planting.plant(place)}
    expected |= {("equal_shares", frozenset({village})) for village in _shared_out(place)}
    numbers = dict(register.households_visible_to(actor()).values_list("id", "number"))
    found = {
        (
            lead.pattern,
            frozenset(numbers[side] for side in (lead.household_id, lead.other_household_id) if side is not None)
            or frozenset({str(lead.village)}),
        )
        for lead in Lead.objects.all()
    }
    assert found == expected
    assert Counter(pattern for pattern, _about in expected) == {
        "same_person": 4, "same_number": 1, "same_household": 3, "separated_elder": 1, "empty": 2, "equal_shares": 1,
    }  # fmt: skip


def _shared_out(place: Place) -> Iterator[str]:
    """Villages of ten registered households and more of which six in ten have one amount; looked for the slow way."""
    registered = [house for house in place.houses if house.status not in ("00", "90")]
    for village in {house.village for house in registered}:
        rows = [house.years[2016] for house in registered if house.village == village]
        for name in ("property_dividend", "transfer_other"):
            amounts = Counter(row[name] for row in rows if row[name])
            if len(rows) >= 10 and max(amounts.values(), default=0) >= 0.6 * len(rows):
                yield village


def test_figures_and_criteria_are_told_to_everyone_by_two_people() -> None:
    told = Publication.objects.filter(division=int(DANGCHANG.county))
    assert sorted(told.values_list("kind", flat=True)) == ["criteria", "figures"]
    decided = Proposal.objects.values_list("proposed_by", "decided_by", "sha256").order_by("sha256")
    assert list(decided) == [
        ("xinxiyuan", "xianban", sha256) for sha256 in sorted(told.values_list("sha256", flat=True))
    ]


def test_a_round_of_the_next_year_is_under_way_and_no_figure_yet() -> None:
    opened = Round.objects.get()
    assert (opened.code, opened.data_year, opened.closed_at) == ("621223100000", 2017, None)
    states = Counter(opened.submissions.values_list("state", flat=True))
    assert (states[SubmissionState.RETURNED], states[SubmissionState.SUBMITTED]) == (1, 1)
    tour_village = opened.submissions.get(village=int(accounts.TOUR_VILLAGE))
    assert Counter(tour_village.entries.values_list("state", flat=True)) == {EntryState.FILLED: 6, EntryState.DOUBT: 1}
    assert register.data_years(Area.of([DANGCHANG.county]))[0] == 2016


def test_every_report_of_the_packs_has_its_figures() -> None:
    packs = [policy.get(name).pack() for name in PACKS]
    asked = [(pack.reference, report.id) for pack in packs for report in pack.reports]
    assert len(asked) >= 12
    done = ReportRun.objects.filter(state=ReportState.DONE, divisions__isnull=False).distinct()
    assert sorted(done.values_list("pack", "report")) == sorted(asked)
    assert ReportRun.objects.count() == len(asked)


def test_a_second_run_finds_everything_done(files: Files) -> None:
    def state() -> tuple[int, int, int, int, int]:
        return (
            ImportBatch.objects.count(),
            Snapshot.objects.count(),
            Screening.objects.count(),
            AuditEntry.objects.count(),
            register.households_visible_to(actor()).count(),
        )

    before = state()
    Loop(lambda line: None, files, households=HOUSEHOLDS, province="62", places=[DANGCHANG]).run()
    assert state() == before
    assert before[0:3] == (1, 1, len(PACKS))
    assert before[4] == HOUSEHOLDS + 20


def test_the_county_has_no_error_and_the_same_file_again_changes_nothing(files: Files) -> None:
    audited = AuditEntry.objects.count()
    report = import_register(by=actor(), path=files.county)
    assert (report.state, report.errors) == (BatchState.UNCHANGED, 0)
    assert AuditEntry.objects.count() == audited + 1  # the import itself


def test_the_faulty_workbook_earns_each_of_its_codes_and_changes_nothing(files: Files) -> None:
    before = register.households_visible_to(actor()).count()
    rights = [Permission.REGISTER_IMPORT, Permission.REGISTER_STATUS, Permission.REGISTER_VIEW]
    office = SystemActor("county office", rights, Area.of(["621223"]))
    report = import_register(by=office, path=files.faulty)
    errors = Counter(finding.code for finding in report.findings if finding.is_error)
    assert set(errors) == CODES
    assert report.state == BatchState.REFUSED
    assert register.households_visible_to(actor()).count() == before


def test_the_faulty_workbook_carries_every_error_that_one_file_can() -> None:
    """What is left out needs another file, another person or a history: each with its reason."""
    elsewhere = {
        *("COL-012", "COL-013", "COL-014", "COL-015"),  # a workbook of the wrong shape is not read further
        *("COL-020", "COL-021", "COL-022", "COL-114"),  # what only files of other kinds can hold
        "COL-103",  # an error value of a formula: spreadsheets write it, our writers cannot
        "COL-126",  # a code of another system: the workbook is read by no profile
        "COL-224",  # an item that only another county collects
        "COL-305",  # a member who has left before
        "COL-309",  # a member who belonged to another household at the time
        "COL-310",  # a status moved by somebody who may not enter one: the county office may
        *("COL-311", "COL-312"),  # a former member of another household, a year that was lived in another county
        "COL-308",  # two members without a number, with one name and birth date, already in the register
    }
    codes = {code for code, rule in RULES.items() if rule.severity is Severity.ERROR}
    assert {code for code in codes if not code.startswith("COL-00")} - CODES == elsewhere


def test_the_corrected_workbook_is_published(files: Files) -> None:
    before = register.households_visible_to(actor()).count()
    report = import_register(by=actor(), path=files.corrected)
    assert (report.state, report.errors) == (BatchState.PUBLISHED, 0)
    assert register.households_visible_to(actor()).count() == before + len(FAULTS)


def test_no_workbook_is_left_half_written(files: Files) -> None:
    assert sorted(path.name for path in Path(files.folder).iterdir()) == sorted(
        [files.county.name, files.faulty.name, files.corrected.name]
    )


def test_a_register_in_use_is_left_alone(files: Files) -> None:
    """The demonstration does not mix invented households into a real register, nor offer its password there."""
    Official.objects.create(name="真实的工作人员")
    try:
        with pytest.raises(UserError) as refusal:
            Loop(lambda line: None, files, households=HOUSEHOLDS, province="62", places=[DANGCHANG]).run()
    finally:
        Official.objects.filter(name="真实的工作人员").delete()
    assert refusal.value.code == "DEM-004"
