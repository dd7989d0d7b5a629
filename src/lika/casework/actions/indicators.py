"""The indicator sheet of a village or county: drawn from the record, evaluated by itself, checked by each level."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.casework.actions import evidence, moving
from lika.casework.actions.given import open_cases
from lika.casework.actions.moving import Standing
from lika.casework.choices import StepResult
from lika.casework.models import Case, Indicator, IndicatorCheck, IndicatorSheet
from lika.casework.queries import cases as reads
from lika.casework.queries.indicators import asks_for_sheet, is_self_evaluated, items_of_screening, told
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.snapshots import queries as snapshots
from lika.snapshots.models import Screening

LONGEST = 500  # characters of a text or a note


@dataclass(frozen=True)
class SelfEvaluation:
    """What a unit says of itself on one item, and which papers show it: in words, as a file (its bytes), or both."""

    met: bool
    text: str = ""
    evidence: str = ""
    file: bytes | None = None


@dataclass(frozen=True)
class Finding:
    """What a level found of one item. One that is not met has a note; a file (its bytes) shows what was seen."""

    met: bool
    note: str = ""
    file: bytes | None = None


@transaction.atomic
def draw(*, by: Actor, case: UUID) -> IndicatorSheet:
    """Work the sheet out from the screening that the case pins; again after a fresh screening: then what the record
    says is replaced, and what the unit said of itself stays.

    Raises ACC-001, ACC-002, CAS-030, CAS-031, CAS-032, CAS-033, CAS-063, CAS-131 (this stage has no sheet), CAS-132 (no
    screening), SCR-022, SCR-023.
    """
    found, standing = _at_first_stage(by, case)
    if found.screening_id is None:
        raise UserError(
            "CAS-132",
            _("No screening is pinned to case %(case)s.") % {"case": found.number},
            remedy=_("Screen the area with the pack of the campaign, then have the case screened again."),
        )
    screening = Screening.objects.select_related("snapshot").get(pk=found.screening_id)
    sheet, _made = IndicatorSheet.objects.update_or_create(
        case=found, defaults={"screening": screening, "drawn_by": by.name, "drawn_at": standing.at}
    )
    titles = {each.criterion: each for each in snapshots.criteria_of(screening, found.unit)}
    for position, (name, part) in enumerate(items_of_screening(by, found, standing.procedure, screening)):
        value, standard = told(part)
        Indicator.objects.update_or_create(
            sheet=sheet, criterion=name,
            defaults={
                "position": position, "zh": titles[name].zh, "en": titles[name].en,
                "value_zh": value.zh, "value_en": value.en, "standard_zh": standard.zh, "standard_en": standard.en,
                "met": part.answer if isinstance(part.answer, bool) else None,
            },
        )  # fmt: skip
    _done(standing, found)
    moving.record(standing, "indicators.drawn", new={"case": found.number, "screening": screening.pk})
    return sheet


@transaction.atomic
def evaluate(*, by: Actor, case: UUID, given: Mapping[str, SelfEvaluation]) -> None:
    """Enter what the unit says of itself, by criterion.

    Raises ACC-001, ACC-002, CAS-030, CAS-031, CAS-032, CAS-033, CAS-063, CAS-131, CAS-133 (no such item),
    CAS-134 (text), DOC-001 to DOC-008 (a file).
    """
    found, standing = _at_first_stage(by, case)
    items = _named(found, given)
    for name, said in given.items():
        item = items[name]
        item.self_met, item.self_text, item.evidence = said.met, _text(said.text), _text(said.evidence)
        item.self_by, item.self_at = by.name, standing.at
        item.save(update_fields=["self_met", "self_text", "evidence", "self_by", "self_at"])
    _keep_files(standing, found, items, given)
    _done(standing, found)
    moving.record(standing, "indicators.evaluated", new={"case": found.number, "items": _written(given)})


@transaction.atomic
def check(*, by: Actor, case: UUID, given: Mapping[str, Finding]) -> None:
    """Enter what the level that acts now found, by criterion. The last finding of a stage holds; all are kept.

    Raises ACC-001, ACC-002, CAS-030, CAS-031, CAS-032, CAS-033, CAS-063, CAS-131, CAS-133,
    CAS-134 (text; a note is missing), DOC-001 to DOC-008 (a file).
    """
    found, standing = _taken(by, case)
    if not asks_for_sheet(standing.procedure, standing.stage) or is_self_evaluated(standing.procedure, standing.stage):
        raise _no_sheet()
    items = _named(found, given)
    for finding in given.values():
        if not finding.met and not finding.note.strip():
            raise _wrong_text()
    IndicatorCheck.objects.bulk_create(
        IndicatorCheck(
            indicator=items[name], stage=standing.stage.id, level=standing.stage.level, met=finding.met,
            note=_text(finding.note), by_name=by.name, at=timezone.now(),
        )
        for name, finding in given.items()
    )  # fmt: skip
    _keep_files(standing, found, items, given)
    _done(standing, found)
    new = {"case": found.number, "stage": standing.stage.id, "items": _written(given)}
    moving.record(standing, "indicators.checked", new=new)


def _keep_files(
    standing: Standing, case: Case, items: Mapping[str, Indicator], given: Mapping[str, SelfEvaluation | Finding]
) -> None:
    for name, said in given.items():
        if said.file is not None:
            evidence.show_indicator(standing, items[name], case, said.file)


def _written(given: Mapping[str, SelfEvaluation | Finding]) -> dict[str, dict[str, object]]:
    """What was entered, for the audit; files have audit rows of their own."""
    return {name: {key: value for key, value in vars(said).items() if key != "file"} for name, said in given.items()}


def _at_first_stage(by: Actor, case: UUID) -> tuple[Case, Standing]:
    found, standing = _taken(by, case)
    entered = asks_for_sheet(standing.procedure, standing.stage)
    if not entered or not is_self_evaluated(standing.procedure, standing.stage):
        raise _no_sheet()
    return found, standing


def _taken(by: Actor, case: UUID) -> tuple[Case, Standing]:
    """The case as it stands, under way in the batch that is taken with it. Raises CAS-063 where it is not."""
    standing = moving.take(by, reads.case_in_sight(by, case).batch_id)
    return open_cases(standing, [case])[case], standing


def _done(standing: Standing, case: Case) -> None:
    """Who had a part in the sheet had the duty of its stage on the case."""
    moving.steps_for(standing, [case], StepResult.RECORDED, duty=standing.duty)


def _named(case: Case, given: Mapping[str, object]) -> dict[str, Indicator]:
    items = {each.criterion: each for each in Indicator.objects.filter(sheet__case=case)}
    if not given or not set(given) <= set(items):
        raise UserError(
            "CAS-133",
            _("The sheet has no such item, or is not drawn yet."),
            remedy=_("Have the sheet worked out from the record first."),
        )
    return items


def _text(given: str) -> str:
    text = given.strip()
    if len(text) > LONGEST:
        raise _wrong_text()
    return text


def _wrong_text() -> UserError:
    return UserError(
        "CAS-134",
        _("An item that is not met needs a note, and no text has more than %(longest)s characters.")
        % {"longest": LONGEST},
        remedy=_("Write what was found on the spot."),
    )


def _no_sheet() -> UserError:
    return UserError(
        "CAS-131",
        _("No indicator sheet is entered at this stage."),
        remedy=_("The unit evaluates itself at the first stage; levels check at the stages that name the sheet."),
    )
