"""Gansu's exit of households in 石磊村, standing at the village's signatures, with everybody who signs. 演示数据"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from lika.accounts.actions import Confirmation
from lika.accounts.choices import Role
from lika.accounts.models import Official, Post
from lika.casework.actions import cases as actions
from lika.casework.actions import quotas, signatories, signing
from lika.casework.actions.cases import Candidate
from lika.casework.actions.quotas import Opening
from lika.casework.actions.signing import Given
from lika.casework.choices import CampaignKind, SignatureKind
from lika.casework.models import Batch, Campaign, Case, Signatory
from lika.core.actors import SystemActor
from lika.policy.choices import CAPACITY_LEVELS, Capacity
from lika.policy.models import PackVersion
from lika.policy.packs.checking import read_pack
from lika.policy.packs.library import Library
from lika.policy.packs.resolved import ResolvedPack
from lika.policy.queries.procedures import ProcedureStage
from tests import factories as make

DEMO = "demo/cn-gansu-dangchang/2016"
PREFECTURE, PROVINCE = "621200000000", "620000000000"
SINCE = dt.date(2014, 1, 1)
CODES = {"village": make.VILLAGE, "township": make.TOWNSHIP, "county": make.COUNTY, "prefecture": PREFECTURE}
VILLAGE_FOUR = ["village_secretary", "village_director", "team_leader", "household"]
TOWNSHIP_THREE = ["township_secretary", "township_head", "station_head"]
COUNTY_FOUR = ["county_secretary", "county_head", "office_director", "statistics_director"]


@dataclass
class Chain:
    """The batch, the campaign, and by capacity the actor who signs; `offices` by level."""

    batch: Batch
    campaign: Campaign
    witness: UUID
    signers: dict[str, SystemActor] = field(default_factory=dict)
    offices: dict[str, SystemActor] = field(default_factory=dict)

    @property
    def stage(self) -> str:
        """Where the batch stands."""
        self.batch.refresh_from_db()
        return self.batch.stage


def official(name: str, division: str, role: Role = Role.VILLAGE) -> Official:
    """An official in post."""
    made = Official.objects.create(name=name)
    Post.objects.create(official=made, role=role, division=make.make_division(division), valid_from=SINCE)
    return made


def actor_for(holder: Official, division: str, name: str) -> SystemActor:
    """Who acts for an official, with every permission in a division."""
    found = make.make_actor(division, name=name)
    found.official_id = holder.pk
    return found


def names(by: SystemActor, holder: Official, capacity: str, division: str, **given: object) -> Signatory:
    """The holder signs in a capacity."""
    values = {"valid_from": SINCE, "document": "演示：任命通知"} | given
    return signatories.name_signatory(
        by=by, official=holder.pk, capacity=Capacity(capacity), division=division, **values
    )


def ink(*, blank: bool = False) -> bytes:
    """What a finger draws."""
    image = Image.new("RGBA", (300, 120), (255, 255, 255, 0))
    if not blank:
        ImageDraw.Draw(image).line((20, 60, 280, 40), fill=(0, 0, 0, 255), width=5)
    target = BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def by_account(by: SystemActor) -> Given:
    """As the page gives it, the password asked."""
    return Given(SignatureKind.ACCOUNT, confirmation=Confirmation(by.name, timezone.now()))


def drawn(chain: Chain, **given: object) -> Given:
    """Ink before the witness."""
    return Given(SignatureKind.INK, sheet=ink(), witness=chain.witness, **given)


@lru_cache
def _pack() -> ResolvedPack:
    return read_pack(Library.shipped().folder(DEMO))


def packs_loaded() -> str:
    """What the demonstration fills in of Gansu's pack; its golden cases are run elsewhere. Gives the reference."""
    pack = _pack()
    return PackVersion.objects.create(
        pack_id=pack.id, version=pack.version, sha256=pack.sha256, canonical=pack.canonical, title_zh=pack.title.zh,
        title_en=pack.title.en, jurisdiction=pack.jurisdiction, valid_from=pack.valid.first, valid_to=pack.valid.last,
        base=pack.base or "", demo=pack.demo, active=True, loaded_by="test",
    ).reference  # fmt: skip


def chain_of(households: int = 2, *, stage: str = "village_signatures") -> Chain:
    """The batch at a stage: what goes before is the business of other tests."""
    operator = make.make_actor(PROVINCE)
    reference = packs_loaded()
    make.make_division(make.VILLAGE)
    homes = [make.make_household(number=f"SL{n:03d}", members=3) for n in range(households)]
    opened = quotas.open_campaign(
        by=operator, division=make.COUNTY,
        opening=Opening(
            kind=CampaignKind.REDUCTION, year=2016, size=100, document="演示：减贫计划", pack=reference,
            time_point=dt.date(2016, 12, 31),
        ),
    )  # fmt: skip
    actions.begin(by=operator, campaign=opened.pk, procedure="household_exit")
    opened.refresh_from_db()
    candidates = [
        Candidate(division=int(make.VILLAGE), household_id=each.id, persons=3, verdicts={"exit": 1}) for each in homes
    ]
    with transaction.atomic():
        actions.take_in(by=operator, campaign=opened, candidates=candidates)
    Batch.objects.filter(campaign=opened).update(stage=stage)
    Case.objects.filter(campaign=opened).update(stage=stage)
    batch = Batch.objects.get(campaign=opened, number=int(make.VILLAGE), sequence=0)
    chain = Chain(batch, opened, official("见证·演示", make.VILLAGE).pk)
    for capacity, level in CAPACITY_LEVELS.items():
        if capacity in (Capacity.HOUSEHOLD, Capacity.VILLAGE_COMMITTEE, Capacity.RESIDENT_TEAM):
            continue
        code = CODES[level]
        holder = official(f"{capacity}·演示", code)
        names(operator, holder, capacity, code)
        chain.signers[capacity] = actor_for(holder, code, capacity)
    chain.offices = {level: make.make_actor(code, name=f"office-{level}") for level, code in CODES.items()}
    return chain


def sign(chain: Chain, slot: int, cases: Collection[UUID] | None = None) -> None:
    """The slot of the batch's stage, by account; a household's one by one on the screen."""
    from lika.casework.queries.cases import procedure_of

    chain.batch.refresh_from_db()
    stage: ProcedureStage = procedure_of(chain.batch).stage(chain.batch.stage)
    capacity = stage.slots[slot].capacity
    if capacity is not Capacity.HOUSEHOLD:
        by = chain.signers[capacity]
        signing.sign_cases(by=by, batch=chain.batch.pk, slot=slot, given=by_account(by), cases=cases)
        return
    for case in cases or Case.objects.filter(batch=chain.batch, state="open").values_list("pk", flat=True):
        signing.sign_cases(
            by=chain.offices["village"], batch=chain.batch.pk, slot=slot, given=drawn(chain), cases=[case]
        )
