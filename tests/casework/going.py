"""A campaign of Jingxi's village 旧圩 with its offices, for tests of how cases go. 演示数据"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from lika.accounts.models import Official
from lika.casework.actions import cases as actions
from lika.casework.actions import quotas
from lika.casework.actions.cases import Candidate
from lika.casework.actions.quotas import Opening
from lika.casework.choices import NUMBERED, PAPERS, ROSTER_LEVELS, CampaignKind, HouseholdAnswer, Manner, StepResult
from lika.casework.models import (
    Batch,
    Campaign,
    Case,
    Consent,
    Evidence,
    Meeting,
    Notice,
    NoticeLine,
    Posting,
    Roster,
    RosterEntry,
    Signatory,
    Signature,
    SignedPaper,
    SurveyForm,
    Vote,
)
from lika.casework.queries.cases import procedure_of
from lika.casework.queries.notices import entries_of
from lika.casework.queries.signing import signed
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.ids import uuid7
from lika.policy import actions as policy
from lika.policy.choices import Capacity, StageKind
from lika.policy.packs.library import Library
from lika.policy.queries.procedures import Slot
from lika.register.choices import DocumentOwner, PovertyStatus
from lika.register.models import Document, Household
from tests import factories as make

JINGXI = "cn-guangxi-jingxi/2014"
COUNTY, TOWNSHIP = "451081000000", "451081105000"
VILLAGE, SECOND = "451081105200", "451081105201"
MET: Mapping[str, int | None] = {"identification": 1, "exit": 1, "return_to_poverty": 1}


@dataclass
class Place:
    """Who acts where. Two at each office, for nobody has two duties on one case."""

    county: SystemActor
    reviewer: SystemActor
    township: SystemActor
    village: SystemActor
    team: SystemActor
    households: list[Household] = field(default_factory=list)


def place(households: int = 3, *, status: str = PovertyStatus.NONE) -> Place:
    """The pack loaded, the divisions, and some households of two in the village."""
    operator = make.make_actor()
    operator.area = EVERYWHERE
    row = policy.load(by=operator, path=Library.shipped().folder(JINGXI))
    policy.activate(by=operator, reference=row.reference)
    for code in (VILLAGE, SECOND):
        make.make_division(code)
    found = Place(
        county=make.make_actor(COUNTY, name="county"),
        reviewer=make.make_actor(COUNTY, name="reviewer"),
        township=make.make_actor(TOWNSHIP, name="township"),
        village=make.make_actor(VILLAGE, name="village"),
        team=make.make_actor(VILLAGE, name="team"),
    )
    found.households = [
        make.make_household(VILLAGE, number=f"JX{n:03d}", members=2, poverty=status) for n in range(households)
    ]
    return found


def campaign(at: Place, kind: CampaignKind = CampaignKind.IDENTIFICATION, **given: object) -> Campaign:
    """A campaign of the county for 2014, not begun."""
    values = {
        "kind": kind, "year": 2014, "size": 100 if kind in NUMBERED else None, "document": "演示：控制数通知",
        "pack": row_reference(), "time_point": dt.date(2014, 5, 31),
    }  # fmt: skip
    return quotas.open_campaign(by=at.county, division=COUNTY, opening=Opening(**values | given))


def row_reference() -> str:
    from lika.policy.models import PackVersion

    return PackVersion.objects.get(pack_id=JINGXI, version="1").reference


def begun(at: Place, kind: CampaignKind = CampaignKind.IDENTIFICATION, **given: object) -> Batch:
    """The batch of the village, with a case for each of its households, all criteria met."""
    opened = campaign(at, kind, **given)
    actions.begin(by=at.county, campaign=opened.pk)
    propose(at, opened)
    return Batch.objects.get(campaign=opened, number=int(VILLAGE))


def propose(at: Place, opened: Campaign, verdicts: Mapping[str, int | None] = MET) -> list[Case]:
    """A case for each household of the place."""
    opened.refresh_from_db()
    candidates = [
        Candidate(division=int(VILLAGE), household_id=each.id, persons=2, verdicts=verdicts) for each in at.households
    ]
    with transaction.atomic():
        return list(actions.take_in(by=at.county, campaign=opened, candidates=candidates).cases)


def standing_at(batch: Batch, stage: str) -> Batch:
    """The batch with its cases put at a stage, without the way there: for tests of that stage alone."""
    batch.stage, batch.stage_since = stage, timezone.now()
    batch.save(update_fields=["stage", "stage_since"])
    Case.objects.filter(batch=batch).update(stage=stage, stage_since=batch.stage_since)
    batch.refresh_from_db()
    return batch


def by_pack(batch: Batch, pack: str, procedure: str, stage: str) -> Batch:
    """The batch as if it had been opened by a pack of the demonstration, which fills in open values."""
    operator = make.make_actor()
    operator.area = EVERYWHERE
    row = policy.load(by=operator, path=Library.shipped().folder(pack))
    Batch.objects.filter(pk=batch.pk).update(pack=row.reference, procedure=procedure)
    return standing_at(batch, stage)


def ready(batch: Batch) -> Batch:
    """Put on record what the stage of a batch is made of, as its village would: then it may be passed."""
    batch = Batch.objects.select_related("campaign").get(pk=batch.pk)
    stage, now, day = procedure_of(batch).stage(batch.stage), timezone.now(), dt.date(2014, 6, 1)
    cases = list(batch.cases.filter(state="open"))
    told = {"stage": batch.stage, "by_name": "system:papers", "at": now}
    for paper in stage.documents:
        if PAPERS[paper].blocks:
            keep(batch, paper)
    if stage.kind is StageKind.MEETING:
        meeting = Meeting.objects.create(
            batch=batch, held_on=day, place="村委会", chair="演示主持", recorder="演示记录", expected=30, attended=28,
            **told,
        )  # fmt: skip
        for place, case in enumerate(cases, start=1):
            Vote.objects.create(
                meeting=meeting, case=case, place=place, in_favour=28, against=0, abstained=0, result=StepResult.PASSED
            )
    for case in cases:
        if stage.kind in (StageKind.SURVEY, StageKind.VERIFICATION):
            SurveyForm.objects.create(
                case=case, surveyed_on=day, surveyor="演示甲", second_surveyor="演示乙", as_registered=True, **told
            )
        elif stage.kind is StageKind.CONSENT:
            Consent.objects.create(
                case=case, answer=HouseholdAnswer.AGREED, heard_on=day, manner=Manner.HANDPRINT, heard_by="演示甲",
                witness="演示乙", **told
            )  # fmt: skip
    sign(batch)
    return batch


def in_public(batch: Batch) -> Batch:
    """The announcement of a batch hangs where its stage asks for it, signed before, as if its offices had done so."""
    sign(batch)
    sign_rosters(batch)
    cases = list(batch.cases.all())
    notice = Notice.objects.create(
        batch=batch, stage=batch.stage, kind="announcement", round=1, level="county", phone="0776-6212317",
        content="{}", sha256="", opened_by="system:papers", opened_at=timezone.now(),
    )  # fmt: skip
    entries = entries_of(cases, batch.stage)
    NoticeLine.objects.bulk_create(
        NoticeLine(notice=notice, case=each, entry_id=entries.get(each.pk)) for each in cases
    )
    Posting.objects.create(
        notice=notice,
        place="village",
        division=batch.division,
        posted_on=timezone.localdate(),
        posted_by="system:papers",
        proof_id=uuid7(),
        entered_at=timezone.now(),
    )
    return batch


def sign(batch: Batch) -> None:
    """Have every slot up to the stage of a batch signed below the county, as if the papers lay there."""
    cases, procedure = list(batch.cases.filter(state="open")), procedure_of(batch)
    states = signed(cases, procedure, batch.stage)
    for each in (slot for state in states.values() for slot in state.slots if not slot.holds):
        if each.stage.level in ROSTER_LEVELS:
            continue
        Signature.objects.filter(case=each.case, stage=each.stage.id, slot=each.index, void_at=None).update(
            void_at=timezone.now(), void_reason="changed"
        )
        holder = None if each.slot.capacity is Capacity.HOUSEHOLD else _holder(batch, each.slot)
        Signature.objects.create(
            case=each.case, stage=each.stage.id, slot=each.index, capacity=each.slot.capacity, signatory=holder,
            official=holder and holder.official, kind="paper", witness=Official.objects.create(name="见证·演示"),
            paper=_paper(batch), entered_by="system:papers",
            at=timezone.now(), content_hash=states[each.case.pk].hashes[each.stage.id],
        )  # fmt: skip


def _holder(batch: Batch, slot: Slot) -> Signatory:
    return Signatory.objects.filter(capacity=slot.capacity).first() or Signatory.objects.create(
        official=Official.objects.create(name="签字·演示"), capacity=slot.capacity, number=batch.number,
        division=batch.division, valid_from=dt.date(2014, 1, 1), document="演示", entered_by="system:papers",
    )  # fmt: skip


def _paper(batch: Batch) -> SignedPaper:
    return SignedPaper.objects.create(
        number=batch.number, media_type="image/png", size=0, sha256="", uploader="system:papers", content=""
    )


def sign_rosters(batch: Batch) -> None:
    """Have every slot from the county up signed, up to the stage of a batch, on rosters of its own."""
    cases = list(batch.cases.filter(state="open"))
    now, states = timezone.now(), signed(cases, procedure_of(batch), batch.stage)
    waiting = {each.stage for state in states.values() for each in state.slots if not each.holds}
    for stage in sorted((each for each in waiting if each.level in ROSTER_LEVELS), key=lambda each: each.id):
        told = {"campaign": batch.campaign, "division": batch.division, "stage": stage.id}
        roster = Roster.objects.create(
            number=batch.number, sequence=Roster.objects.filter(**told).count() + 1, content_hash="0" * 64,
            drawn_by="system:papers", drawn_at=now, **told,
        )  # fmt: skip
        RosterEntry.objects.filter(case__in=cases, stage=stage.id).update(void_at=now, void_reason="changed")
        for case in cases:
            each = states[case.pk].hashes[stage.id]
            RosterEntry.objects.create(roster=roster, case=case, stage=stage.id, content_hash=each)
        for slot, place in enumerate(stage.slots):
            Signature.objects.create(
                roster=roster, stage=stage.id, slot=slot, capacity=place.capacity, signatory=_holder(batch, place),
                official=_holder(batch, place).official, kind="paper", content_hash="0" * 64,
                witness=Official.objects.create(name="见证·演示"), paper=_paper(batch), entered_by="system:papers",
                at=now,
            )  # fmt: skip


def keep(batch: Batch, paper: str, case: Case | None = None) -> Evidence:
    """A file of the document store without its content."""
    document = Document.objects.create(
        owner_kind=DocumentOwner.MATTER, owner_id=case.pk if case else batch.pk, village=batch.number, kind="99",
        media_type="image/jpeg", size=1, sha256=uuid7().hex * 2, uploader="system:papers",
    )  # fmt: skip
    return Evidence.objects.create(batch=batch, case=case, stage=batch.stage, paper=paper, document=document)
