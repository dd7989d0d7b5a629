"""What an official may do and see follows from posts and grants, on the day, and from nothing else."""

import datetime as dt
from uuid import UUID, uuid4

import pytest

from lika.accounts import actions, queries
from lika.accounts.choices import PERMISSIONS, Role
from lika.accounts.models import Grant, Official, Post, User
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE, Area
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.divisions.models import Division

pytestmark = pytest.mark.django_db

KEEPER = SystemActor("test", [Permission.ACCOUNTS_MANAGE], area=EVERYWHERE)
TODAY = dt.date(2016, 12, 31)
VILLAGE = "621223100201"
TOWNSHIP = "621223100000"
COUNTY = "621223000000"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lika.accounts.queries.timezone.localdate", lambda: TODAY)


@pytest.fixture(autouse=True)
def _divisions(db: None) -> None:
    """One line from the province to a village, and a village of another township."""
    parent = None
    for level, (code, name) in enumerate(
        [
            ("620000000000", "甘肃省"),
            ("621200000000", "陇南市"),
            (COUNTY, "宕昌县"),
            (TOWNSHIP, "城关镇"),
            (VILLAGE, "演示村"),
        ],
        start=1,
    ):
        parent = Division.objects.create(code=code, number=int(code), level=level, name=name, parent=parent)


def _official(username: str = "zhang") -> Official:
    return actions.add_official(by=KEEPER, name="演示张", username=username, password="a long demonstration word")


def _post(official: Official, role: Role, division: str, **dates: dt.date) -> Post:
    dates.setdefault("valid_from", dt.date(2016, 1, 1))
    return actions.give_post(by=KEEPER, official=official, role=role, division=division, **dates)


def _actor(official: Official) -> queries.UserActor:
    assert official.user is not None
    return queries.actor_of(official.user)


def test_without_a_post_there_is_nothing() -> None:
    actor = _actor(_official())
    assert (actor.permissions, actor.area, actor.area_for(Permission.REGISTER_VIEW)) == (frozenset(), Area(), Area())


@pytest.mark.parametrize(
    ("role", "division", "ranges"),
    [
        (Role.VILLAGE, VILLAGE, ((621223100201, 621223100201),)),
        (Role.TOWNSHIP, TOWNSHIP, ((621223100000, 621223100999),)),
        (Role.COUNTY, COUNTY, ((621223000000, 621223999999),)),
        (Role.DEPARTMENT, COUNTY, ((621223000000, 621223999999),)),
        (Role.PREFECTURE, "621200000000", ((621200000000, 621299999999),)),
        (Role.PROVINCE, "620000000000", ((620000000000, 629999999999),)),
        (Role.AUDITOR, COUNTY, ((621223000000, 621223999999),)),
        (Role.EVALUATOR, COUNTY, ()),
        (Role.HELPER, COUNTY, ()),
        (Role.ADMINISTRATOR, COUNTY, ()),
    ],
)
def test_each_role_has_its_permissions_and_its_area(
    role: Role, division: str, ranges: tuple[tuple[int, int], ...]
) -> None:
    official = _official()
    _post(official, role, division)
    actor = _actor(official)
    assert actor.permissions == {str(p) for p in PERMISSIONS[role]}
    assert actor.area.ranges == ranges


def test_a_post_holds_from_its_first_day_to_its_last() -> None:
    official = _official()
    _post(official, Role.VILLAGE, VILLAGE, valid_from=TODAY + dt.timedelta(days=1))
    _post(
        official,
        Role.TOWNSHIP,
        TOWNSHIP,
        valid_from=dt.date(2015, 1, 1),
        valid_to=TODAY - dt.timedelta(days=1),
    )
    assert _actor(official).roles == frozenset()
    _post(official, Role.COUNTY, COUNTY, valid_from=TODAY, valid_to=TODAY)
    assert _actor(official).roles == {Role.COUNTY}


def test_an_inactive_account_holds_nothing() -> None:
    official = _official()
    _post(official, Role.COUNTY, COUNTY)
    assert official.user is not None
    User.objects.filter(pk=official.user.pk).update(is_active=False)
    official.user.refresh_from_db()
    assert queries.actor_of(official.user).permissions == frozenset()


def test_a_helper_sees_the_granted_household_and_village_and_no_other() -> None:
    official = _official()
    _post(official, Role.HELPER, COUNTY)
    mine, other = uuid4(), uuid4()
    dates = {"valid_from": dt.date(2016, 1, 1), "valid_to": None}
    actions.grant_household(
        by=KEEPER, official=official, household_id=mine, village=VILLAGE, purpose="结对帮扶", **dates
    )
    actions.grant_village(by=KEEPER, official=official, village="621223100202", purpose="第三方评估", **dates)
    assert _granted(official) == {mine}
    assert _actor(official).area.ranges == ((621223100202, 621223100202),)
    assert other not in _granted(official)
    grant = Grant.objects.get(household_id=mine)
    actions.end_grant(by=KEEPER, grant=grant, last_day=TODAY - dt.timedelta(days=1))
    assert _granted(official) == set()


def test_area_of_a_post_and_a_grant_within_it_is_one_range() -> None:
    official = _official()
    _post(official, Role.TOWNSHIP, TOWNSHIP)
    actions.grant_village(
        by=KEEPER, official=official, village=VILLAGE, purpose="核查", valid_from=TODAY, valid_to=None
    )
    assert _actor(official).area.ranges == ((621223100000, 621223100999),)


def _granted(official: Official) -> set[UUID | None]:
    return set(queries.grants_open(official.id, TODAY).filter(kind="household").values_list("household_id", flat=True))


def test_an_actor_is_refused_outside_permission_and_outside_area() -> None:
    official = _official()
    _post(official, Role.VILLAGE, VILLAGE)
    actor = _actor(official)
    actor.require(Permission.REGISTER_IMPORT, village=int(VILLAGE))
    with pytest.raises(PermissionRefused) as outside:
        actor.require(Permission.REGISTER_IMPORT, village=621223100202)
    with pytest.raises(PermissionRefused) as lacking:
        actor.require(Permission.SCREENING_RUN)
    assert (outside.value.code, lacking.value.code) == ("ACC-002", "ACC-001")


def test_an_administrator_keeps_accounts_in_reach_and_sees_no_household() -> None:
    keeper = _official("keeper")
    _post(keeper, Role.ADMINISTRATOR, COUNTY)
    by = _actor(keeper)
    worker = actions.add_official(by=by, name="演示李", username="li", password="a long demonstration word")
    actions.give_post(by=by, official=worker, role=Role.VILLAGE, division=VILLAGE, valid_from=TODAY)
    with pytest.raises(PermissionRefused) as above:
        actions.give_post(by=by, official=worker, role=Role.PROVINCE, division="620000000000", valid_from=TODAY)
    with pytest.raises(PermissionRefused) as own:
        actions.give_post(by=by, official=keeper, role=Role.VILLAGE, division=VILLAGE, valid_from=TODAY)
    assert (above.value.code, own.value.code) == ("ACC-002", "ACC-003")
    assert set(Post.objects.filter(official=worker).values_list("role", "division_id")) == {("village", VILLAGE)}
    assert by.area == Area()


def test_a_grant_lets_see_and_never_act() -> None:
    official = _official()
    _post(official, Role.VILLAGE, VILLAGE)
    actions.grant_village(
        by=KEEPER, official=official, village="621223100202", purpose="核查", valid_from=TODAY, valid_to=None
    )
    actor = _actor(official)
    assert 621223100202 in actor.area
    assert actor.area_for(Permission.REGISTER_CHANGE).ranges == ((int(VILLAGE), int(VILLAGE)),)
    with pytest.raises(PermissionRefused) as granted:
        actor.require(Permission.REGISTER_CHANGE, village=621223100202)
    assert granted.value.code == "ACC-002"


def test_a_permission_of_one_post_does_not_work_in_the_area_of_another() -> None:
    """一肩挑: a village officer who also sits in a county department changes nothing but in their village."""
    official = _official()
    _post(official, Role.VILLAGE, VILLAGE)
    _post(official, Role.DEPARTMENT, COUNTY)
    actor = _actor(official)
    assert actor.area.ranges == ((621223000000, 621223999999),)
    assert actor.area_for(Permission.REGISTER_IMPORT).ranges == ((int(VILLAGE), int(VILLAGE)),)
    with pytest.raises(PermissionRefused) as elsewhere:
        actor.require(Permission.REGISTER_IMPORT, division=TOWNSHIP)
    assert elsewhere.value.code == "ACC-002"


def test_posts_and_grants_end_sooner_never_later_and_not_by_their_holder() -> None:
    keeper = _official("keeper")
    mine = _post(keeper, Role.ADMINISTRATOR, COUNTY, valid_to=TODAY)
    by = _actor(keeper)
    worker = actions.add_official(by=by, name="演示李", username="li", password="a long demonstration word")
    post = _post(worker, Role.VILLAGE, VILLAGE, valid_to=TODAY)
    first = dt.date(2016, 1, 1)
    grant = actions.grant_village(
        by=KEEPER, official=worker, village="620102001001", purpose="核查", valid_from=first, valid_to=TODAY
    )
    later = TODAY + dt.timedelta(days=365)
    refused = []
    for attempt in (
        lambda: actions.end_post(by=by, post=mine, last_day=TODAY),
        lambda: actions.end_post(by=by, post=post, last_day=later),
        lambda: actions.end_grant(by=by, grant=grant, last_day=first),
        lambda: actions.end_grant(by=KEEPER, grant=grant, last_day=later),
    ):
        with pytest.raises(UserError) as error:
            attempt()
        refused.append(error.value.code)
    assert refused == ["ACC-003", "ACC-007", "ACC-002", "ACC-007"]
    assert actions.end_grant(by=KEEPER, grant=grant, last_day=first).valid_to == first


@pytest.mark.parametrize(
    ("username", "password", "code"),
    [("li", "1", "ACC-008"), ("system:sealer", "a long demonstration word", "ACC-009")],
)
def test_no_weak_password_and_no_name_of_a_process(username: str, password: str, code: str) -> None:
    with pytest.raises(UserError) as error:
        actions.add_official(by=KEEPER, name="演示李", username=username, password=password)
    assert error.value.code == code
    assert not User.objects.exists()


def test_a_role_stands_only_at_its_level() -> None:
    official = _official()
    with pytest.raises(UserError) as wrong_level:
        _post(official, Role.VILLAGE, COUNTY)
    with pytest.raises(NotFound) as nowhere:
        _post(official, Role.VILLAGE, "621223100999")
    assert (wrong_level.value.code, nowhere.value.code) == ("ACC-005", "ACC-006")
    assert not Post.objects.exists()


def test_every_write_leaves_its_audit_row_and_a_refused_one_leaves_none() -> None:
    official = _official()
    post = _post(official, Role.VILLAGE, VILLAGE)
    actions.end_post(by=KEEPER, post=post, last_day=TODAY)
    with pytest.raises(UserError):
        _official()
    assert list(AuditEntry.objects.order_by("id").values_list("actor", "action", "county")) == [
        ("system:test", "official.added", 0),
        ("system:test", "post.given", 621223),
        ("system:test", "post.ended", 621223),
    ]
