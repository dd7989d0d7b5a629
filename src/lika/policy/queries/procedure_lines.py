"""Procedures in words, as officials read them: stages in order, who acts, how long, what is signed, by which clause."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lika.core.language import Said, listed
from lika.policy.choices import Basis, StageKind
from lika.policy.packs.differences import FieldChange
from lika.policy.packs.resolved import ResolvedPack
from lika.policy.queries.basis import Based
from lika.policy.queries.procedures import Procedure, ProcedureStage, procedures_of


@dataclass(frozen=True)
class StageLine(Based):
    """A stage in the reader's words; empty where there is nothing to say. `period` None: 待补充依据."""

    number: int
    id: str
    title: Said
    kind: str
    level: str
    who: str
    period: str | None
    quorum: str | None
    places: str
    papers: str
    signers: str
    guards: str
    back: str
    strike_out: bool
    optional: bool
    clause: str
    clause_text: str
    basis: Basis
    note: Said | None


@dataclass(frozen=True)
class ProcedureLine(Based):
    """A procedure in words. `sum` is its shape at a glance: 两公示一公告, 签字4-3-4-2.

    `crossing` is empty where the procedure says nothing of numbers; None: 待补充依据.
    """

    id: str
    title: Said
    unit: str
    purpose: str
    sum: Said
    stages: tuple[StageLine, ...]
    crossing: str | None
    support_kept: bool
    records_only: bool
    clause_ref: str
    clause_text: str
    basis: Basis
    note: Said | None

    @property
    def anchor(self) -> str:
        """Where it stands on the page."""
        return f"procedure-{self.id}"


def procedure_lines(pack: ResolvedPack, *, at: dt.date) -> tuple[ProcedureLine, ...]:
    """The procedures of a pack as they stand on a day."""
    labels = {item.id: Said(item.zh, item.en) for item in pack.criteria}
    return tuple(_line(item, labels) for item in procedures_of(pack, at=at))


# What of a stage is held against another; the words are those of the page.
_COLUMNS: Mapping[str, Promise] = {
    "title": gettext_lazy("What it is called"),
    "kind": gettext_lazy("Kind"),
    "level": gettext_lazy("Level"),
    "who": gettext_lazy("Who acts"),
    "period": gettext_lazy("How long"),
    "quorum": gettext_lazy("Quorum"),
    "places": gettext_lazy("Posted in"),
    "papers": gettext_lazy("Papers"),
    "signers": gettext_lazy("Signed by"),
    "guards": gettext_lazy("Must be met before"),
    "back": gettext_lazy("May go back to"),
    "clause": gettext_lazy("Clause"),
}


def differences_of(before: ProcedureLine, after: ProcedureLine) -> Iterator[str]:
    """What differs between two procedures of one id, a line for each stage and thing."""
    if before.crossing != after.crossing:
        yield FieldChange(_("Household that passes the number"), _told(before.crossing), _told(after.crossing)).line()
    old, new = {line.id: line for line in before.stages}, {line.id: line for line in after.stages}
    if list(old) != list(new):
        was, becomes = (listed(str(line.title) for line in side.values()) for side in (old, new))
        yield FieldChange(_("Stages"), was, becomes).line()
    for key, line in new.items():
        for name, word in _COLUMNS.items():
            was, becomes = getattr(old.get(key, line), name), getattr(line, name)
            if str(was) != str(becomes):
                place = _("%(stage)s, %(field)s") % {"stage": line.title, "field": word}
                yield FieldChange(place, _told(was), _told(becomes)).line()


def _told(value: object) -> str:
    if value is None:
        return _("Basis to be supplied")
    return str(value) or _("nothing")


def _line(item: Procedure, labels: Mapping[str, Said]) -> ProcedureLine:
    titles = {stage.id: stage.title for stage in item.stages}
    return ProcedureLine(
        id=item.id,
        title=item.title,
        unit=str(item.unit.label),
        purpose=str(item.purpose.label),
        sum=_sum(item),
        stages=tuple(_stage(number, stage, titles, labels) for number, stage in enumerate(item.stages, start=1)),
        crossing=None if item.open_crossing else _crossing(item),
        support_kept=item.effect is not None and item.effect.support_kept,
        records_only=item.effect is None,
        clause_ref=item.clause_ref,
        clause_text=item.clause_text,
        basis=item.basis,
        note=item.note,
    )


def _stage(number: int, stage: ProcedureStage, titles: Mapping[str, Said], labels: Mapping[str, Said]) -> StageLine:
    return StageLine(
        number=number,
        id=stage.id,
        title=stage.title,
        kind=str(stage.kind.label),
        level=str(stage.level.label),
        who=listed(str(body.label) for body in stage.by),
        period=None if stage.open_days else _period(stage),
        quorum=None if stage.open_quorum else _quorum(stage),
        places=listed(str(place.label) for place in stage.places),
        papers=listed(str(paper.label) for paper in stage.documents),
        signers=listed(str(slot.capacity.label) for slot in stage.slots),
        guards=listed(str(labels.get(name, name)) for name in stage.criteria),
        back=listed(str(titles[name]) for name in stage.returns),
        strike_out=stage.strike_out,
        optional=stage.optional,
        clause=stage.clause_ref,
        clause_text=stage.clause_text,
        basis=stage.basis,
        note=stage.note,
    )


def _crossing(item: Procedure) -> str:
    if item.crossing is None:
        return ""
    return _("taken as a whole") if item.crossing else _("left out as a whole")


def _period(stage: ProcedureStage) -> str:
    if stage.days is None or stage.day_kind is None:
        return ""
    return _("%(days)s %(kind)s") % {"days": stage.days, "kind": stage.day_kind.label}


def _quorum(stage: ProcedureStage) -> str:
    """A share as a percentage, exactly."""
    return "" if stage.quorum is None else f"{(stage.quorum * 100).normalize():f}%"


def _sum(item: Procedure) -> Said:
    """两公示一公告 / 2 notices, 1 announcement, and the signatures level by level."""
    kinds = [stage.kind for stage in item.stages]
    notices, announcements = kinds.count(StageKind.PUBLIC_NOTICE), kinds.count(StageKind.ANNOUNCEMENT)
    chain = "-".join(str(len(stage.slots)) for stage in item.stages if stage.kind is StageKind.SIGNATURES)
    zh = f"{len(kinds)}个环节，{notices}次公示、{announcements}次公告"
    en = f"{len(kinds)} stages, notices: {notices}, announcements: {announcements}"
    return Said(f"{zh}，签字{chain}", f"{en}, signatures: {chain}") if chain else Said(zh, en)
