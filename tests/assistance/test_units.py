"""Helping units and helpers: who keeps them, what a helper gets, what stands against ending them. 演示数据"""

import datetime as dt

import pytest
from django.utils import timezone

from lika.accounts.choices import Role
from lika.accounts.models import Official, Post
from lika.accounts.queries import actor_of
from lika.assistance.actions import units
from lika.assistance.actions.proposals import Line, agree, propose
from lika.assistance.actions.units import Named
from lika.assistance.choices import Affiliation, Rank
from lika.assistance.models import Helper, HelpingUnit
from lika.assistance.queries import units as reads
from lika.core import audit
from lika.core.errors import PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from tests import factories as make
from tests.assistance.conftest import helper
from tests.console.officials import official

pytestmark = pytest.mark.django_db


def code_of(call, *args: object, **given: object) -> str:
    with pytest.raises(UserError) as refused:
        call(*args, **given)
    return refused.value.code


def add(by, **given: object) -> HelpingUnit:
    asked = {"name": "演示单位", "affiliation": Affiliation.COUNTY, "division": make.COUNTY} | given
    return units.add_unit(by=by, **asked)


def test_a_unit_is_kept_with_its_villages_and_the_audit_tells_it(county) -> None:
    made = add(county, contact="演示联络员", villages=[make.VILLAGE, make.OTHER_VILLAGE])
    assert list(made.villages.values_list("village", flat=True)) == [int(make.VILLAGE), int(make.OTHER_VILLAGE)]
    units.set_villages(by=county, unit=made.pk, villages=[make.OTHER_VILLAGE])
    assert list(made.villages.values_list("village", flat=True)) == [int(make.OTHER_VILLAGE)]
    told = [
        (entry.action, audit.told(entry)) for entry in AuditEntry.objects.filter(subject_kind="unit").order_by("id")
    ]
    both = [int(make.VILLAGE), int(make.OTHER_VILLAGE)]
    assert told == [
        ("unit.added", (None, {"name": "演示单位", "affiliation": "04", "contact": "演示联络员"})),
        ("unit.villages", ({"villages": []}, {"villages": both})),
        ("unit.villages", ({"villages": both}, {"villages": both[1:]})),
    ]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"division": make.VILLAGE}, "ASN-010"),
        ({"name": " "}, "ASN-011"),
        ({"name": "演" * 121}, "ASN-011"),
        ({"contact": "演" * 81}, "ASN-011"),
        ({"villages": [make.TOWNSHIP]}, "ASN-013"),
        ({"division": "621223999000"}, "DIV-010"),
    ],
)
def test_what_does_not_make_a_unit_is_refused_and_nothing_is_kept(county, given: dict, code: str) -> None:
    assert code_of(add, county, **given) == code
    assert HelpingUnit.objects.count() == 0


def test_two_units_of_one_name_do_not_help_in_one_place(county) -> None:
    first = add(county)
    assert code_of(add, county) == "ASN-012"
    add(county, division=make.TOWNSHIP)
    units.end_unit(by=county, unit=first.pk)
    assert add(county).ended_on is None


def test_a_township_keeps_its_own_units_and_sees_the_countys(county, unit) -> None:
    make.make_division("621223101201")
    add(county, name="演示别处单位", division="621223101000")
    township = actor_of(official(Role.TOWNSHIP))
    own = add(township, name="演示镇卫生院", division=make.TOWNSHIP)
    assert sorted(each.name for each in reads.units(township)) == ["演示县农业农村局", "演示镇卫生院"]
    assert code_of(units.add_helper, by=township, unit=unit.pk, named=Named(Rank.STAFF, name="演示")) == "ACC-002"
    assert helper(township, own).unit == own
    with pytest.raises(PermissionRefused) as refused:
        add(actor_of(official(Role.VILLAGE)), division=make.TOWNSHIP)
    assert refused.value.code == "ACC-001"


def test_a_helper_by_name_gets_the_post_of_one_and_sees_nothing_yet(county, unit) -> None:
    make.make_household(number="A1")
    made = helper(county, unit)
    assert (made.official.user, made.official.name, made.official.organisation) == (None, "演示·帮扶甲", unit.name)
    post = Post.objects.get(official=made.official)
    today = timezone.localdate()
    assert (post.role, post.division_id, post.valid_from, post.valid_to) == (Role.HELPER, make.COUNTY, today, None)


def test_an_official_of_the_place_can_be_a_helper_once(county, unit) -> None:
    user = official(Role.TOWNSHIP)
    person = Official.objects.get(user=user)
    units.add_helper(by=county, unit=unit.pk, named=Named(Rank.SECTION, official=person.pk))
    assert Permission.REGISTER_IMPORT in actor_of(user).permissions  # what the other post gives stays
    again = Named(Rank.SECTION, official=person.pk)
    assert code_of(units.add_helper, by=county, unit=unit.pk, named=again) == "ASN-015"


def test_nobody_names_themselves(county, unit) -> None:
    user = official(Role.COUNTY)
    me = Named(Rank.SECTION, official=Official.objects.get(user=user).pk)
    with pytest.raises(PermissionRefused) as refused:
        units.add_helper(by=actor_of(user), unit=unit.pk, named=me)
    assert refused.value.code == "ACC-003"
    assert Helper.objects.count() == 0


def test_a_helper_with_households_does_not_end_and_a_unit_with_helpers_neither(county, unit) -> None:
    one = helper(county, unit)
    household = make.make_household(number="A1")
    other = make.make_actor(make.COUNTY, name="other")
    lines = [Line(household.pk, helper=one.pk)]
    made = propose(by=county, division=make.TOWNSHIP, lines=lines, reason="演示")
    assert code_of(units.end_helper, by=county, helper=one.pk) == "ASN-017"
    agree(by=other, proposal=made.pk)
    assert code_of(units.end_helper, by=county, helper=one.pk) == "ASN-017"
    assert code_of(units.end_unit, by=county, unit=unit.pk) == "ASN-014"
    two = helper(county, unit, "演示·帮扶乙")
    ended = units.end_helper(by=county, helper=two.pk)
    today = timezone.localdate()
    assert (ended.ended_on, Post.objects.get(official=ended.official).valid_to) == (today, today)


def test_a_helper_named_again_on_the_day_of_the_end_keeps_a_post(county, unit) -> None:
    person = Official.objects.get(user=official(Role.TOWNSHIP))
    today = timezone.localdate()
    first = units.add_helper(by=county, unit=unit.pk, named=Named(Rank.STAFF, official=person.pk))
    Post.objects.filter(official=person, role=Role.HELPER).update(valid_from=today - dt.timedelta(days=1))
    units.end_helper(by=county, helper=first.pk)
    units.add_helper(by=county, unit=unit.pk, named=Named(Rank.STAFF, official=person.pk))
    posts = Post.objects.filter(official=person, role=Role.HELPER).order_by("valid_from")
    assert list(posts.values_list("valid_to", flat=True)) == [today, None]


def test_a_unit_that_is_over_names_nobody(county, unit) -> None:
    units.end_unit(by=county, unit=unit.pk)
    assert code_of(helper, county, unit) == "ASN-016"
