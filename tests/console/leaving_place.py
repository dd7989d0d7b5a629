"""One county in which something stands in every list that may leave, on one day. 演示数据"""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import transaction

from lika.accounts.choices import Role
from lika.accounts.models import Official, User
from lika.accounts.queries import UserActor, actor_of
from lika.casework.actions import days, quotas
from lika.casework.actions.quotas import Opening
from lika.casework.choices import Basis, CampaignKind, DayMark, SplitMethod
from lika.casework.models import Campaign
from lika.collection.choices import BatchState, ComparisonState
from lika.collection.exporting import comparisons
from lika.collection.exporting.comparing import Compared, Differing
from lika.collection.findings import Finding
from lika.collection.models import Comparison, ImportBatch, Round
from lika.collection.rounds import actions as rounds
from lika.core import audit, crypto, sealed
from lika.core.actors import Actor
from lika.core.ids import uuid7
from lika.disclosure import actions as disclosure
from lika.disclosure.choices import Kind
from lika.governance.actions import duties, requests, surveys
from lika.governance.choices import Channel, RequestKind, VisitResult
from lika.governance.models import Survey, SurveyVisit
from lika.monitoring import actions as monitoring
from lika.monitoring.models import QualityFault
from lika.register.actions import Period, changes
from lika.register.actions.changes import Grounds
from lika.register.identity import phone_index
from lika.register.models import Household
from lika.reports.choices import ReportState
from lika.reports.models import ReportDivision, ReportFigure, ReportRun
from lika.snapshots import actions as screenings
from lika.snapshots.models import Screening, Snapshot
from tests import factories as make
from tests.assistance.conftest import pair
from tests.console.officials import official
from tests.monitoring.planted import look
from tests.reports.conftest import County

NOW = dt.datetime(2017, 3, 15, 2, tzinfo=dt.UTC)  # 10 o'clock in China
TODAY = NOW.date()
PACK = "test/exit"
PHONE = "13800001111"


@dataclass(frozen=True)
class Place:
    """Who reads, and what the lists of one record belong to."""

    county: User
    auditor: User
    administrator: User
    addresses: dict[str, str]


def make_place(found: County) -> Place:
    """Fill the screened county; the addresses are those of the lists that need one."""
    county, checker = official(Role.COUNTY), official(Role.COUNTY)
    by = actor_of(county)
    _changed(by, found.ill)
    village = _round(by).submissions.get(village=int(make.VILLAGE))
    survey, campaign = _survey(found.ill), _campaign(by)
    _told(by, actor_of(checker))
    _quality(found)
    _window(by)
    pair(make.make_actor(make.COUNTY), found.ill)
    _audited()
    base = Screening.objects.get()
    trial = _tried(by, base)
    addresses = {
        "households": {"poverty": "poor", "sort": "-number"},
        "persons": {"division": make.OTHER_VILLAGE},
        "search": {"text": "B1"},
        "findings": {"of": _import(county).pk},
        "comparison": {"of": _compared(county).pk},
        "faults": {"state": "assigned"},
        "round": {"of": village.round_id},
        "submission": {"of": village.pk},
        "units": {"of": base.pk, "criterion": "exit", "result": "met"},
        "moved": {"of": trial.pk, "old": base.pk, "criterion": "exit", "which": "leave"},
        "in-error": {"of": trial.scenario_id, "criterion": "exit", "which": "missed", "truth": "safe_water"},
        "duties": {"division": make.TOWNSHIP},
        "visits": {"of": survey.pk},
        "quotas": {"of": campaign.pk},
        "workdays": {"year": 2017},
        "history": {"of": found.ill.pk},
        "analysis": {"r": "village", "c": "attribute"},
        "cells": {"r": "attribute", "m": "share", "v": "safe_water"},
        "villages": {"analysis": "u=village&r=village"},
        "report": {"of": _report(base.snapshot).pk, "division": make.TOWNSHIP},
    }
    return Place(
        county,
        official(Role.AUDITOR, "621202000000"),
        official(Role.ADMINISTRATOR),
        {page: urlencode(asked) for page, asked in addresses.items()},
    )


def _tried(by: Actor, base: Screening) -> Screening:
    """A trial run by a line that one household no longer exceeds."""
    stricter = {"line": "2736.11"}
    scenario = screenings.save_scenario(by=by, base=base.pk, name="严一分", reason="演示", parameters=stricter)
    return screenings.run_scenario(by=make.make_actor(), scenario=scenario.pk)


def _report(snapshot: Snapshot) -> ReportRun:
    """A report of three figures, as one that was worked out is kept: a share, a count, and one without basis."""
    run = ReportRun.objects.create(
        snapshot=snapshot, pack="test/exit@1", pack_sha256="0" * 64, report="incidence", zh="贫困发生率", en="-",
        clause_ref="T §8", clause_text="发生率", digest="1" * 64, small=2, state=ReportState.DONE, run_by="x",
        finished_at=NOW,
    )  # fmt: skip
    for place, (name, zh, units) in enumerate((("share", "比例", ["household", "village"]),
                                               ("poor", "贫困户", ["household"]), ("open", "待定", []))):  # fmt: skip
        unit = "比率" if name == "share" else "户"
        ReportFigure.objects.create(
            run=run, position=place, figure=name, zh=zh, en=name, measure_zh=unit, measure_en=unit, units=units,
            places=4 if name == "share" else 0, made=False, clause_ref="T §8", clause_text="发生率", basis="given",
        )  # fmt: skip
    for level, code, poor, open_ in ((3, make.COUNTY, 5, 0), (4, make.TOWNSHIP, 5, 0), (5, make.VILLAGE, 3, 0),
                                     (5, make.OTHER_VILLAGE, 2, 1)):  # fmt: skip
        above = [9, open_, poor, poor + open_]
        values = {"share": [above, [2, 0, 100, 100], 0], "poor": [above, None, 0]}
        ReportDivision.objects.create(run=run, division=int(code), level=level, values=values)
    return run


def _changed(by: Actor, home: Household) -> None:
    """One change waits for a second person."""
    person = home.memberships.get(relation="01").person_id
    grounds = Grounds(effective_on=dt.date(2017, 3, 1), reason="户主申请", evidence="户口簿")
    changes.propose_correction(by=by, household=home.pk, person=person, values={"name": "石更名"}, grounds=grounds)


def _round(by: Actor) -> Round:
    year = Period(2017, dt.date(2017, 1, 1), dt.date(2017, 12, 31))
    return rounds.open_round(
        by=by, division=make.TOWNSHIP, period=year, dates=rounds.Dates(dt.date(2018, 1, 31), dt.date(2018, 2, 28))
    )


def _survey(home: Household) -> Survey:
    """Two households of the village; one is visited."""
    by = actor_of(official(Role.TOWNSHIP))
    first, second = actor_of(official(Role.VILLAGE)), by
    opened = surveys.open_survey(by=by, village=make.VILLAGE, purpose="演示：年度入户", due_on=dt.date(2017, 4, 30))
    assert first.official_id
    assert second.official_id
    surveys.add_task(by=by, survey=opened.pk, first=first.official_id, second=second.official_id, numbers=["A1", "A2"])
    visit = SurveyVisit.objects.get(household_id=home.pk)
    surveys.mark_visit(by=by, visit=visit.pk, visited_on=TODAY, result=VisitResult.SURVEYED, notes_given=True, note="")
    return opened


def _campaign(by: Actor) -> Campaign:
    """A plan of three persons, proposed to the townships; and a local holiday of the county."""
    opening = Opening(
        kind=CampaignKind.REDUCTION, year=2017, size=3, document="演示：减贫计划", due_on=dt.date(2017, 6, 30)
    )
    made = quotas.open_campaign(by=by, division=make.COUNTY, opening=opening)
    quotas.propose(
        by=by, campaign=made.pk, division=make.COUNTY, method=SplitMethod.LARGEST_REMAINDER, basis=Basis.POOR
    )
    days.set_day(
        by=make.make_actor(make.COUNTY), division=make.COUNTY, day=dt.date(2017, 3, 8), mark=DayMark.HOLIDAY,
        note="演示节", source="演示：县政府办通知",
    )  # fmt: skip
    return made


def _told(maker: UserActor, checker: UserActor) -> None:
    made = disclosure.propose(by=maker, kind=Kind.CRITERIA, division=make.COUNTY, pack_id=PACK)
    disclosure.publish(by=checker, proposal=made.pk)


def _quality(found: County) -> None:
    """What the rules find, one fault of it assigned; and two households with one telephone."""
    by = make.make_actor()
    Screening.objects.update(finished_at=NOW)
    monitoring.run_quality(by=by, snapshot=Screening.objects.get().snapshot_id)
    mender = Official.objects.get(posts__role=Role.TOWNSHIP)
    fault = QualityFault.objects.get(household_id=found.silent.pk, rule__contains="income")
    monitoring.assign(by=by, fault=fault.pk, to=mender.pk, deadline=dt.date(2017, 3, 31))
    for home in (found.ill, found.silent):
        home.phone, home.phone_index = PHONE, phone_index(PHONE)
        home.save(update_fields=["phone", "phone_index"])
    look()


def _window(by: UserActor) -> None:
    """A duty that somebody holds, and a request."""
    assert by.official_id
    duties.appoint_duty(
        by=by, official=by.official_id, duty_id="township_leader", division=make.TOWNSHIP, begins_on=dt.date(2017, 1, 1)
    )
    asked = requests.Asked(
        kind=RequestKind.HELP, channel=Channel.WINDOW, applicant="石申请", text="演示", received_on=TODAY,
        received_by="演示", due_on=dt.date(2017, 3, 30),
    )  # fmt: skip
    requests.register_request(by=by, township=make.TOWNSHIP, asked=asked)


def _import(user: User) -> ImportBatch:
    """A workbook with one wrong cell."""
    found = Finding("households", 3, "C", "COL-104", "village", "A1", (("field", "village"),))
    by = actor_of(user)
    return ImportBatch.objects.create(
        file_name="演示.xlsx", file_sha256="0" * 64, file_bytes=1, by_name=by.name, official_id=by.official_id,
        started_at=NOW, finished_at=NOW, state=BatchState.CHECKED, errors=1, findings=[found.as_json()],
        finding_counts={"COL-104": 1},
    )  # fmt: skip


def _compared(user: User) -> Comparison:
    """A file of another system with another wage."""
    by = actor_of(user)
    made = Comparison.objects.create(
        profile="national-2018@1", data_year=2016, file_name="演示.xlsx", file_sha256="0" * 64, by_name=by.name,
        official_id=by.official_id, state=ComparisonState.READY,
    )  # fmt: skip
    differing = Differing("value", "household_years", "A1", "", "wage", "9000.00", "100.00")
    place = crypto.place(Comparison._meta.db_table, "found", made.id)
    sealed.write(comparisons.path_of(made, "found"), Compared([differing]).as_bytes(), place)
    return made


@transaction.atomic
def _audited() -> None:
    """Two rows in the chain of another county, not sealed yet."""
    by = make.make_actor(make.ELSEWHERE)
    for number in range(2):
        audit.record(by=by, action="workdays.set", change=audit.Change("special_day", uuid7(), 621202, str(number)))
