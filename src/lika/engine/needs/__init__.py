"""What would have to change for a criterion to be met: found from the expression, proved by working it again."""

from datetime import date

from lika.engine.criteria import Checked
from lika.engine.facts_json import Facts, as_document
from lika.engine.needs.model import Change, Need, Needs, Step, Way
from lika.engine.needs.seeking import Seeker
from lika.engine.reference import Remembering

__all__ = ["Change", "Need", "Needs", "Step", "Way", "needs_of"]


def needs_of(checked: Checked, facts: Facts, *, reference_date: date | None = None) -> Needs | None:
    """What would have to change for the yes/no expression ``checked`` to be met; None where it is.

    Arguments and errors as in ``reference.evaluate``.
    """
    document = as_document(facts, checked.schema)
    document.refuse_unfit(checked)
    seeker = Seeker(checked, document.root, Remembering(reference_date or document.reference_date))
    need = seeker.want(checked.root, document.root, goal=True)
    if need.done:
        return None
    return Needs(need, next(iter(seeker.ways(need)), ()))
