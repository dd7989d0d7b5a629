"""The round of the next year in the township of the tour: some fill, one handed in, one was returned. 演示数据"""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from lika.accounts.models import User
from lika.accounts.queries import actor_of
from lika.collection.rounds import actions, queries
from lika.collection.rounds.actions import Dates, Filling
from lika.collection.rounds.actions.auditing import At
from lika.collection.rounds.choices import EntryState
from lika.collection.rounds.models import Round, Submission
from lika.core.actors import Actor, SystemActor
from lika.core.areas import Area
from lika.core.permissions import Permission
from lika.demo import accounts
from lika.demo.areas import period
from lika.demo.places import DANGCHANG
from lika.register import queries as register
from lika.register.actions import Period

TOWNSHIP = "621223100000"
# The last day for villages is past by two days: whoever has not handed in is late.
FILL_BY, AUDIT_BY, MEND_BY = dt.timedelta(days=-2), dt.timedelta(days=26), dt.timedelta(days=5)
HANDED_IN = 2  # villages, the smallest: one is returned, one waits for the audit
BEGUN = 6  # households of the tour's village that are filled; one more is in doubt
WHY = "演示：已入户核实"


def open_round() -> None:
    """Open it and carry it as far as it is to be shown, once."""
    if Round.objects.exists():
        return
    today = timezone.localdate()
    year = max(DANGCHANG.table["data_years"]) + 1
    opened = actions.open_round(
        by=_person("xianban"), division=TOWNSHIP, period=Period(year, *period(year)),
        dates=Dates(today + FILL_BY, today + AUDIT_BY),
    )  # fmt: skip
    standing = register.counted_households(Area.of([TOWNSHIP]))
    mine = int(accounts.TOUR_VILLAGE)
    smallest = sorted((village for village in standing if village != mine), key=lambda village: standing[village])
    handed_in = [opened.submissions.get(village=village) for village in smallest[:HANDED_IN]]
    for submission in handed_in:
        _fill(_officer(submission), submission, changed=True)
        _hand_in(submission)
    for submission in handed_in[:1]:
        _return(submission)
    for begun in opened.submissions.filter(village__in=smallest[HANDED_IN : HANDED_IN + 1]):
        _fill(_officer(begun), begun, most=BEGUN)
    tour = opened.submissions.get(village=mine)
    _fill(_person("cunzhuangan"), tour, most=BEGUN, doubt=True)


def _person(username: str) -> Actor:
    return actor_of(User.objects.get(username=username))


def _officer(submission: Submission) -> Actor:
    """The officer of a village who has no account to enter as."""
    rights = [
        Permission.REGISTER_VIEW, Permission.REGISTER_PERSONAL, Permission.REGISTER_CHANGE, Permission.ROUND_VIEW,
    ]  # fmt: skip
    return SystemActor(f"demonstration-{submission.code}", rights, Area.of([submission.code]))


def _fill(by: Actor, submission: Submission, *, most: int = 0, changed: bool = False, doubt: bool = False) -> None:
    """Households by number as they were, every third with another wage; `most` stops early, the next is in doubt."""
    lines = queries.village_standing(by=by, submission=submission).lines
    for place, line in enumerate(lines[:most] if most else lines):
        _household(by, submission, line.household.id, EntryState.FILLED, other_wage=changed and place % 3 == 0)
    if doubt and len(lines) > most:
        _household(by, submission, lines[most].household.id, EntryState.DOUBT)


def _household(
    by: Actor, submission: Submission, household: UUID, state: EntryState, *, other_wage: bool = False
) -> None:
    opened = submission.round
    whole = register.whole_year(by=by, household=household, data_year=opened.data_year, at=opened.period_to)
    own = dict(whole.own.before)
    if other_wage and own.get("wage"):
        own["wage"] = own["wage"] + Decimal(300)
    members = {part.id: part.before for part in whole.members if part.id is not None}
    actions.fill_household(
        by=by, submission=submission.pk, household=household, filling=Filling(own, members, state, WHY)
    )


def _hand_in(submission: Submission) -> None:
    by = _officer(submission)
    part, _facts = register.village_year(submission.village, submission.round.data_year)
    actions.fill_village(by=by, submission=submission.pk, values=part.before, state=EntryState.FILLED)
    actions.submit(by=by, submission=submission.pk)


def _return(submission: Submission) -> None:
    by = _person("xiangzhen")
    lines = queries.village_standing(by=by, submission=submission).lines
    for line, field, text in zip(
        lines[:2], ("wage", "safe_water"), ("工资比上年增加，请附务工证明", "请核实饮水水源"), strict=False
    ):
        at = At(line.household.id, None, field)
        actions.add_remark(by=by, submission=submission.pk, at=at, text=f"演示：{text}")
    actions.return_submission(by=by, submission=submission.pk, mend_by=timezone.localdate() + MEND_BY)
