"""The verdict that a case pins, explained from the snapshot that it pins: each criterion with working and clause."""

from dataclasses import dataclass

from lika.casework.models import Case
from lika.casework.queries.cases import procedure_of
from lika.core.actors import Actor
from lika.core.errors import NotFound
from lika.register.queries import household_detail, households_visible_to
from lika.snapshots import queries as snapshots
from lika.snapshots.telling import Node, needs_node, node_of


@dataclass(frozen=True)
class CriterionWhy:
    """A criterion: `is_asked` where the procedure asks for it; its working as a tree; what would have to change; the
    clause that lays it down."""

    title: str
    is_asked: bool
    node: Node
    needs: Node | None
    clause_ref: str
    clause_text: str


def explanation_of(by: Actor, case: Case) -> list[CriterionWhy]:
    """Those that the procedure asks for first. Nothing where no screening is pinned.

    Raises ACC-001, and SCR-023 where the pinned snapshot has no such unit in the actor's sight.
    """
    if case.screening is None:
        return []
    unit = case.household_id or case.division
    explained = snapshots.explain_unit(by, case.screening, case.unit, unit, near=case.division)
    asked = {name for stage in procedure_of(case.batch).stages for name in stage.criteria}
    members = _members(by, case)
    found = [
        CriterionWhy(
            each.criterion.title,
            each.criterion.criterion in asked,
            node_of(each.explanation, members),
            needs_node(each.needs, members) if each.needs else None,
            each.clause.ref,
            each.clause.text,
        )
        for each in explained.criteria
    ]
    return sorted(found, key=lambda each: not each.is_asked)


def _members(by: Actor, case: Case) -> dict[str, str]:
    """The names of the household's members by id, as the reader may see them."""
    if case.household_id is None or not households_visible_to(by).filter(pk=case.household_id).exists():
        return {}
    try:
        view = household_detail(by=by, household=case.household_id)
    except NotFound:
        return {}
    return {str(each.id): each.name for each in view.members}
