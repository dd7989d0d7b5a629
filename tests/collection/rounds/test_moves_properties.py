"""Whatever people try in whatever order, the state goes only along the table, by people who may. 演示数据"""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from lika.collection.rounds import actions
from lika.collection.rounds.choices import MOVES, SubmissionState, Verb
from lika.core.errors import UserError
from lika.register.models import HouseholdYear
from tests import factories as make
from tests.collection.rounds.conftest import DATES, YEAR, Township, fill_all, with_last_year

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = ("one", "two", "three")


class _Restore(Exception):
    """Ends an example: its rows go."""


def _try(verb: Verb, by, submission) -> None:
    later = timezone.localdate() + dt.timedelta(days=7)
    calls = {
        Verb.SUBMIT: lambda: actions.submit(by=by, submission=submission),
        Verb.RETURN: lambda: actions.return_submission(by=by, submission=submission, mend_by=later, note="请核实"),
        Verb.PASS: lambda: actions.pass_submission(by=by, submission=submission),
        Verb.STAND_IN: lambda: actions.pass_for_township(by=by, submission=submission, reason="乡镇无审核人"),
        Verb.SEND_BACK: lambda: actions.send_back(by=by, submission=submission, note="请复核"),
        Verb.LOCK: lambda: actions.lock_submission(by=by, submission=submission),
    }
    calls[verb]()


def _refusal(verb: Verb, name: str, submission) -> str:
    """The code of the refusal; empty where it was done."""
    try:
        with transaction.atomic():
            _try(verb, make.make_actor(name=name), submission)
    except UserError as refused:
        return refused.code
    return ""


def _row_state(state: SubmissionState, passed_before: bool) -> set[str]:
    if state == SubmissionState.LOCKED:
        return {"locked"}
    return {"confirmed"} if passed_before else {"draft"}


@settings(max_examples=12)
@given(st.lists(st.tuples(st.sampled_from(sorted(MOVES)), st.sampled_from(PEOPLE)), max_size=14))
def test_any_sequence_keeps_to_the_table(tries: list[tuple[Verb, str]]):
    try:
        with transaction.atomic():
            _play(tries)
            raise _Restore
    except _Restore:
        pass


def _play(tries: list[tuple[Verb, str]]) -> None:
    home = with_last_year(make.make_household(number="P1"))
    second = with_last_year(make.make_household(number="P2"))
    opened = actions.open_round(by=make.make_actor(), division=make.TOWNSHIP, period=YEAR, dates=DATES)
    found = fill_all(make.make_actor(name="filler"), Township(opened, home, second, home))
    state, passed = SubmissionState.FILLING, False
    people: dict[Verb, str] = {}
    for verb, name in tries:
        move = MOVES[verb]
        checks = {Verb.PASS, Verb.STAND_IN, Verb.RETURN, Verb.LOCK} & {verb}
        others = {people.get(Verb.SUBMIT)} | ({people.get(Verb.PASS)} if verb == Verb.LOCK else set())
        allowed = state in move.begins and not (checks and name in others)
        code = _refusal(verb, name, found.pk)
        assert (code == "") == allowed
        if allowed:
            state, people[Verb.PASS if verb == Verb.STAND_IN else verb] = move.ends, name
            passed = passed or move.ends == SubmissionState.PASSED
        found.refresh_from_db()
        assert found.state == state
        rows = set(HouseholdYear.objects.filter(data_year=2017).values_list("state", flat=True))
        assert rows == _row_state(state, passed)
