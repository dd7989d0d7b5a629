"""What each kind of stage adds to the page of its batch: a form to act with, and what it shows to everybody.

Whoever adds a kind writes the fragment `casework/stages/<kind>.html` and, where that needs more than the batch, enters
a function into `STAGE_FORMS` from the module of its views. The fragment is given what the function returns and `on`, a
`StageView`; it offers to act only where `on.may_act`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from lika.casework.models import Batch
from lika.casework.queries.courses import CaseLine
from lika.policy.choices import StageKind
from lika.policy.queries.procedures import Procedure, ProcedureStage


@dataclass(frozen=True)
class StageView:
    """A batch at its stage as one reader sees it. `cases` are all in it, also those that ended or are stopped."""

    batch: Batch
    procedure: Procedure
    stage: ProcedureStage
    cases: Sequence[CaseLine]
    may_act: bool


StageForm = Callable[[HttpRequest, StageView], Mapping[str, Any]]
STAGE_FORMS: dict[StageKind, StageForm] = {}
# What is shown at every stage of some procedures, whoever acts: the same kind of function, asked for each page.
STAGE_PARTS: list[StageForm] = []


def templates_for(kind: StageKind) -> list[str]:
    """The fragment of a kind, else the one that says who acts."""
    return [f"casework/stages/{kind.value}.html", "casework/stages/plain.html"]
