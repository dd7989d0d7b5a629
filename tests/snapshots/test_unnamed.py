"""What a village needs names no household below it to who may not read them. 演示数据"""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from lika.core.actors import SystemActor
from lika.core.permissions import Permission
from lika.snapshots import actions, queries
from lika.snapshots.models import Snapshot
from tests import factories as make
from tests.snapshots.conftest import Register, WritePack

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = "sum(household, if poverty = 'poor' then members else 0) / rural_registered_population <= 0.5"
#: Met by all but one of two households; the population is the village's own.
AFTER = "count(household, safe_water and wage > 2800) >= 2 and rural_registered_population > 100"
#: Not 2,736.10, the line of the pack: it may stand in the explanation as the line.
WAGE = "2,733.33"


def explained(by: SystemActor, taken: Snapshot, write_pack: WritePack) -> dict[str, object]:
    pack = write_pack(folder="test/below", **{"id: test/exit": "id: test/below", BEFORE: AFTER})
    found = actions.screen(by=make.make_actor(make.COUNTY), snapshot=taken.pk, pack=pack)
    told = queries.explain_unit(by, found, "village", int(make.VILLAGE)).to_dict()
    (criterion,) = told["criteria"]
    assert criterion["result"] is False
    return {"in_full": told["in_full"], "text": json.dumps(criterion, ensure_ascii=False), "needs": criterion["needs"]}


@pytest.fixture
def ids(register: Register) -> list[UUID]:
    register.dry.years.filter(data_year=2016).update(wage=WAGE.replace(",", ""))
    return [register.rich.id, register.dry.id]


def test_households_and_what_they_earn_are_told_where_they_may_be_read(
    ids: list[UUID], taken_after: Snapshot, write_pack: WritePack
) -> None:
    found = explained(make.make_actor(make.COUNTY), taken_after, write_pack)
    assert found["in_full"] is True
    assert [str(each) in found["text"] for each in ids] == [True, True]
    assert WAGE in found["text"]


def test_nobody_is_named_where_they_may_not(ids: list[UUID], taken_after: Snapshot, write_pack: WritePack) -> None:
    some = [each for each in Permission if each != Permission.REGISTER_PERSONAL]
    found = explained(make.make_actor(make.COUNTY, permissions=some), taken_after, write_pack)
    assert found["in_full"] is False
    assert [str(each) in found["text"] for each in ids] == [False, False]
    assert WAGE not in found["text"]
    tree = found["needs"]["tree"]
    assert [part["kind"] for part in tree["parts"]] == ["never", "never", "step"]
    assert tree["parts"][2]["step"]["column"] == "rural_registered_population"
    assert found["needs"]["way"] == []  # the way leads through a household


#: A mean of what households earn, and a count of those that earn so much.
AMOUNTS = (
    "sum(household, wage) / count(household) > 1000 and max(person, age) > 1 and count(household, wage > 2800) >= 1 "
    "and sum(household, members) > 1"
)


def aggregates(part: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The aggregates of an explanation, as written, with what they come to."""
    if part["kind"] == "aggregate":
        yield part["source"], part["value"]["zh"]
    for below in part["parts"]:
        yield from aggregates(below)


def test_sums_of_what_is_personal_are_told_where_it_may_be_read(taken_after: Snapshot, write_pack: WritePack) -> None:
    pack = write_pack(folder="test/below", **{"id: test/exit": "id: test/below", BEFORE: AMOUNTS})
    found = actions.screen(by=make.make_actor(make.COUNTY), snapshot=taken_after.pk, pack=pack)
    some = [each for each in Permission if each != Permission.REGISTER_PERSONAL]
    told = {}
    for name, by in (("all", make.make_actor(make.COUNTY)), ("some", make.make_actor(make.COUNTY, permissions=some))):
        (criterion,) = queries.explain_unit(by, found, "village", int(make.VILLAGE)).to_dict()["criteria"]
        text = json.dumps(criterion, ensure_ascii=False)
        told[name] = (criterion["result"], dict(aggregates(criterion["explanation"])), "5,866.6" in text)
    open_ = {"count(household)": "2户", "count(household, wage > 2800)": "1户", "sum(household, members)": "4人"}
    sums = {"sum(household, wage)": "11,733.33元", "max(person, age)": "36岁"}
    assert told == {
        "all": (True, open_ | sums, True),
        "some": (True, open_ | dict.fromkeys(sums, "（无权查看）"), False),
    }


@pytest.fixture
def taken_after(ids: list[UUID], actor: SystemActor) -> Snapshot:
    return actions.take(by=actor, at=make.AT, division=make.COUNTY)
