"""Saving a scenario, and running it as a trial: whoever may screen may try."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import PermissionRefused, UserError
from lika.core.language import listed
from lika.core.permissions import Permission
from lika.engine.checker import check
from lika.engine.criteria import CheckedSet
from lika.engine.errors import ExpressionError
from lika.engine.parser import parse
from lika.engine.types import is_number
from lika.policy import resolve
from lika.policy.changing import changed
from lika.policy.packs.resolved import ResolvedPack
from lika.register.queries import seen_in_full
from lika.snapshots.actions.screenings import screen
from lika.snapshots.choices import ChangeKind
from lika.snapshots.guarding import is_guarded
from lika.snapshots.models import Scenario, ScenarioChange, Screening
from lika.snapshots.queries.analysis.language import refused
from lika.snapshots.queries.scenarios import get_scenario
from lika.snapshots.queries.screenings import get_screening, same_pack, scenario_pack

LONGEST_NAME = 80


def save_scenario(
    *,
    by: Actor,
    base: UUID,
    name: str,
    reason: str,
    parameters: Mapping[str, str] | None = None,
    criteria: Mapping[str, str] | None = None,
    amounts: Mapping[str, str] | None = None,
) -> Scenario:
    """Keep changes to the pack of a stored screening, checked as the pack itself is; nothing is screened yet.

    `amounts` name what one unit that meets a criterion costs, as an expression about that unit. Raises ACC-001,
    ACC-002, SCR-020, SCR-060 (no name or no reason), SCR-061 (nothing is changed), SCR-062 (an amount is no number),
    SCR-070 (a changed criterion reads personal facts that the actor does not see in the whole area), POL-120 …
    POL-123, and the engine's ENG-… with line and column, and the item at fault.
    """
    by.require(Permission.SCREENING_RUN)
    found = get_screening(by, base)
    by.require(Permission.SCREENING_RUN, division=f"{found.snapshot.division:012d}")
    if not name.strip() or len(name) > LONGEST_NAME or not reason.strip():
        raise UserError(
            "SCR-060",
            _("A scenario needs a name of at most %(most)d characters, and a reason.") % {"most": LONGEST_NAME},
            remedy=_("Say in a few words what is tried, and why."),
        )
    given = {
        ChangeKind.PARAMETER: dict(parameters or {}),
        ChangeKind.CRITERION: dict(criteria or {}),
        ChangeKind.AMOUNT: dict(amounts or {}),
    }
    if not any(given.values()):
        raise UserError(
            "SCR-061",
            _("The scenario changes nothing."),
            remedy=_("Name a parameter and its value, a criterion and its expression, or an amount."),
        )
    pack = changed(
        same_pack(found.pack, found.pack_sha256),
        at=found.snapshot.at,
        parameters=given[ChangeKind.PARAMETER],
        criteria=given[ChangeKind.CRITERION],
    )
    compiled = _without_faults(pack, found, given[ChangeKind.AMOUNT])
    _refuse_unseen(by, compiled, found, given[ChangeKind.CRITERION])
    scenario = Scenario(
        name=name.strip(), reason=reason.strip(), base=found, pack_sha256=pack.sha256, written_by=by.name
    )
    with transaction.atomic():
        scenario.save(force_insert=True)
        ScenarioChange.objects.bulk_create(
            ScenarioChange(scenario=scenario, kind=kind, item=item, text=text.strip())
            for kind, texts in given.items()
            for item, text in texts.items()
        )
        audit.record(
            by=by,
            action="scenario.save",
            change=audit.Change(
                "scenario",
                scenario.pk,
                county=audit.chain_of(found.snapshot.division),
                label=f"{found.pack} {found.snapshot_id}",
                new={"name": scenario.name, "base": str(found.pk), "pack": pack.sha256},
            ),
            reason=scenario.reason,
        )
    return scenario


def run_scenario(*, by: Actor, scenario: UUID) -> Screening:
    """Screen the base's snapshot by the pack as changed: a trial run, which is never current and proposes nobody.

    Raises SCR-063 (no such scenario in sight) and what `screen` raises.
    """
    found = get_scenario(by, scenario)
    return screen(by=by, snapshot=found.base.snapshot_id, pack=scenario_pack(found), what_if=True, scenario=found)


def _without_faults(pack: ResolvedPack, base: Screening, amounts: Mapping[str, str]) -> CheckedSet:
    """Compile what was typed. Raises with the item at fault, and its line and column."""
    try:
        compiled = resolve.compiled(pack, at=base.snapshot.at).checked
    except ExpressionError as error:
        raise refused(error) from None
    for _name, text in _unfit(pack, compiled, amounts):
        raise UserError(
            "SCR-062",
            _("The amount %(text)s is no number.") % {"text": text[:80]},
            remedy=_("Write a number or an expression that gives one, such as 500 * members."),
        )
    return compiled


def _refuse_unseen(by: Actor, compiled: CheckedSet, base: Screening, names: Iterable[str]) -> None:
    """An expression of one's own choosing tells of each household what it reads: as where one is tried on a
    household (SCR-041), what reads personal facts is for those alone who see them, here of the whole area."""
    if seen_in_full(by).area.covers(f"{base.snapshot.division:012d}"):
        return
    reading = [name for name in names if is_guarded(compiled.by_id[name])]
    if reading:
        raise PermissionRefused(
            "SCR-070",
            _("What is written for %(criterion)s reads personal facts, which are not shown to you in this whole area.")
            % {"criterion": listed(reading)},
            remedy=_("Change a parameter instead, or let somebody write it who may see them: --user NAME."),
        )


def _unfit(pack: ResolvedPack, compiled: CheckedSet, amounts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The amounts that are no number."""
    criteria = {item.id: item for item in resolve.engine_criteria(pack)}
    for name, text in amounts.items():
        if name not in criteria:
            changed(pack, at=pack.valid.first, parameters={}, criteria={name: text})  # raises, naming what is near
        try:
            checked = check(
                parse(text),
                unit=criteria[name].unit,
                schema=compiled.schema,
                parameters=compiled.parameters,
                criteria=criteria,
            )
        except ExpressionError as error:
            raise refused(error) from None
        if not is_number(checked.type):
            yield name, text
