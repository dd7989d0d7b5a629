"""Who did what on cases, when, in which post."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from lika.accounts.models import Official
from lika.accounts.queries import officials_of, posts_held
from lika.casework.choices import Duty, StepResult
from lika.casework.models import Step
from lika.core.language import Said, listed
from lika.divisions.names import place_name
from lika.policy.queries.procedures import Procedure


@dataclass(frozen=True)
class Act:
    """A step of a case in words. `name` and `posts` are empty where no official of this installation acted."""

    case_id: UUID
    at: dt.datetime
    stage_id: str
    stage: Said
    to_stage: Said
    result: StepResult
    duty: Duty
    user: str
    name: str
    posts: str
    reason: str

    @property
    def who(self) -> str:
        """Whom to name: the official, else what acted, without its mark."""
        return self.name or self.user.removeprefix("system:")

    @property
    def on(self) -> dt.date:
        """The day of the act, as people here call it."""
        return timezone.localdate(self.at)


def acts_of(cases: Iterable[UUID], procedure: Procedure) -> list[Act]:
    """Every step of some cases that go by one procedure, in order. Three queries."""
    steps = list(Step.objects.filter(case__in=list(cases)).order_by("at", "id"))
    officials = officials_of(step.by_name for step in steps)
    titles = {stage.id: stage.title for stage in procedure.stages}
    return [
        Act(
            case_id=step.case_id, at=step.at, stage_id=step.stage, stage=titles[step.stage],
            to_stage=titles[step.to_stage],
            result=StepResult(step.result), duty=Duty(step.duty), user=step.by_name,
            name=officials[step.by_name].name if step.by_name in officials else "",
            posts=posts_in_words(officials.get(step.by_name), step.at), reason=step.reason,
        )
        for step in steps
    ]  # fmt: skip


def posts_in_words(official: Official | None, at: dt.datetime) -> str:
    """The posts that somebody held at a moment: 旧圩村 村专干."""
    if official is None:
        return ""
    posts = posts_held(official, timezone.localdate(at))
    return listed(f"{place_name(post.division.name)} {post.title or post.get_role_display()}" for post in posts)
