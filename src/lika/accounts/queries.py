"""Who a user is and what lies in their sight.

`sight_of` and `scope_of` are the doors to scoped data: the apps above turn a `Scope` into a condition on
their own tables and never read posts or grants themselves. What one post lets see is seen in that post's
area alone: whoever is village officer here and sits in the prefecture's office reads names here and no further.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from lika.accounts.choices import PERMISSIONS, ROLES_BY_GRANT, GrantKind, Role
from lika.accounts.models import Grant, Official, Post, User
from lika.core.actors import Actor, BaseActor
from lika.core.areas import NOWHERE, Area
from lika.core.bounds import Bounds
from lika.core.ids import first_uuid7
from lika.core.permissions import Permission
from lika.divisions.codes import ancestor_codes


@dataclass(frozen=True)
class Scope:
    """Area ranges plus households granted one by one: the rows that a user may see."""

    area: Area = NOWHERE
    households: frozenset[UUID] = frozenset()

    def where(self, *, village: str = "village", household: str = "id") -> Q:
        """The condition on a table with a bigint village column and a household id column.

        The households by their ids, not by a subquery: then the database finds both sides of the OR by an index.
        """
        condition = self.area.where(village)
        if self.households:
            condition |= Q(**{f"{household}__in": sorted(self.households)})
        return condition

    def holds(self, *, village: int, household: UUID) -> bool:
        """Whether one household lies in sight."""
        return village in self.area or household in self.households

    def __bool__(self) -> bool:
        return bool(self.area) or bool(self.households)


class UserActor(BaseActor):
    """A signed-in official: what the posts they hold today let them do and see.

    Each post gives its permissions in its own area and nowhere else; grants add sight, never a right to act. What
    is granted is read as the posts that work by grants let (helper, evaluator); whoever has no such post reads it as
    any of theirs lets.
    """

    def __init__(
        self,
        user: User,
        posts: Sequence[Post],
        granted_villages: Area,
        granted_households: frozenset[UUID] = frozenset(),
    ) -> None:
        self.user = user
        self.name = user.get_username()
        self.posts = tuple(posts)
        self.official_id = posts[0].official_id if posts else None
        self.roles = frozenset(Role(post.role) for post in posts)
        self.permissions = frozenset(str(p) for role in self.roles for p in PERMISSIONS[role])
        self._read_grants = frozenset(
            str(p) for role in (self.roles & ROLES_BY_GRANT or self.roles) for p in PERMISSIONS[role]
        )
        self._granted_villages = granted_villages
        self._granted_households = granted_households
        self.area = self.sees(Permission.REGISTER_VIEW)

    def area_for(self, permission: str) -> Area:
        holding = [post for post in self.posts if permission in PERMISSIONS[Role(post.role)]]
        return Area.joined(r for post in holding for r in _area_of(post).ranges)

    def sees(self, permission: str) -> Area:
        granted = self._granted_villages if permission in self._read_grants else NOWHERE
        return Area.joined([*self.area_for(permission).ranges, *granted.ranges])

    def sight(self, permission: str) -> Scope:
        """Where the official sees what a permission shows, granted households among it."""
        return Scope(
            self.sees(permission), self._granted_households if permission in self._read_grants else frozenset()
        )

    @property
    def scope(self) -> Scope:
        """The households that the official may see, with or without names."""
        return self.sight(Permission.REGISTER_VIEW)

    @property
    def bounds(self) -> Bounds:
        """What the database is told of this reader: the same as `scope`."""
        scope = self.scope
        return Bounds(scope.area, scope.households, self.name)


def _area_of(post: Post) -> Area:
    """Where a post works: helpers and evaluators work on what is granted to them, not in an area."""
    return NOWHERE if Role(post.role) in ROLES_BY_GRANT else Area.of([post.division_id])


def _open_on(day: dt.date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def posts_open(user: User, day: dt.date) -> QuerySet[Post]:
    """The posts that a user's official holds on a day."""
    return Post.objects.filter(_open_on(day), official__user=user).select_related("division", "official")


def grants_open(official_id: UUID, day: dt.date) -> QuerySet[Grant]:
    """The grants that an official has on a day."""
    return Grant.objects.filter(_open_on(day), official_id=official_id)


def households_granted_on(official_id: UUID, days: Sequence[dt.date]) -> dict[dt.date, int]:
    """How many single households an official was granted sight of on each of some days. One query."""
    grants = Grant.objects.filter(official_id=official_id, kind=GrantKind.HOUSEHOLD)
    periods = list(grants.values_list("valid_from", "valid_to"))
    return {day: sum(first <= day and (last is None or last >= day) for first, last in periods) for day in days}


@dataclass(frozen=True)
class OwnChanges:
    """What changed in an official's posts and grants after a moment: given and in force today, and run out since."""

    posts: tuple[Post, ...] = ()
    posts_ended: tuple[Post, ...] = ()
    households: frozenset[UUID] = frozenset()
    villages: tuple[int, ...] = ()
    grants_ended: int = 0


def own_changes(official_id: UUID, moment: dt.datetime, today: dt.date) -> OwnChanges:
    """The changes of one official. When something was given is told by its identifier. Two queries."""
    first, since = first_uuid7(moment), timezone.localdate(moment)
    posts = Post.objects.filter(Q(id__gte=first) | Q(valid_to__gte=since), official_id=official_id)
    held = list(posts.select_related("division").order_by("valid_from", "id"))
    grants = list(Grant.objects.filter(Q(id__gte=first) | Q(valid_to__gte=since), official_id=official_id))
    new = [each for each in grants if each.id >= first and _holds(each, today)]
    return OwnChanges(
        tuple(post for post in held if post.id >= first and _holds(post, today)),
        tuple(post for post in held if _ran_out(post, since, today)),
        frozenset(each.household_id for each in new if each.household_id is not None),
        tuple(sorted(each.village for each in new if each.kind == GrantKind.VILLAGE)),
        sum(_ran_out(each, since, today) for each in grants),
    )


def _holds(given: Post | Grant, day: dt.date) -> bool:
    return given.valid_from <= day and (given.valid_to is None or given.valid_to >= day)


def _ran_out(given: Post | Grant, since: dt.date, today: dt.date) -> bool:
    return given.valid_to is not None and since <= given.valid_to < today


def officials_posted(area: Area, day: dt.date) -> QuerySet[Official]:
    """The officials who hold a post in an area on a day, each once, by name."""
    posted = Post.objects.filter(_open_on(day), area.where("division__number"), official=OuterRef("pk"))
    return Official.objects.filter(Exists(posted)).order_by("name", "id")


def officials_holding(permission: Permission, division: str, day: dt.date) -> QuerySet[Official]:
    """The officials who hold a permission in a division by a post there or above it on a day, each once, by name."""
    roles = [role for role, held in PERMISSIONS.items() if permission in held]
    around = [*ancestor_codes(division), division]
    posted = Post.objects.filter(_open_on(day), role__in=roles, division__in=around, official=OuterRef("pk"))
    return Official.objects.filter(Exists(posted)).order_by("name", "id")


def officials_of(usernames: Iterable[str]) -> dict[str, Official]:
    """Who signs in under some user names, with all posts that they ever held. Two queries."""
    found = Official.objects.filter(user__username__in=set(usernames)).select_related("user")
    return {
        each.user.get_username(): each
        for each in found.prefetch_related(Prefetch("posts", Post.objects.select_related("division")))
        if each.user is not None
    }


def names_of(usernames: Iterable[str]) -> dict[str, str]:
    """Whom to name for some user names: the official, else what acted, without its mark. One query."""
    wanted = set(usernames)
    officials = Official.objects.filter(user__username__in=wanted).values_list("user__username", "name")
    return {each: each.removeprefix("system:") for each in wanted} | dict(officials)


def posts_held(official: Official, day: dt.date) -> list[Post]:
    """The posts that an official held on a day, the first first."""
    return sorted(
        (post for post in official.posts.all() if _holds(post, day)), key=lambda post: (post.valid_from, post.id)
    )


def held_by_post(permission: Permission, within: str, *, besides: str = "") -> Area:
    """Where inside a division somebody holds a permission by a post today and can sign in; `besides` leaves a user out.

    One query.
    """
    roles = [role for role, held in PERMISSIONS.items() if permission in held]
    around = Area.of([within]).where("division__number") | Q(division__in=ancestor_codes(within))
    posts = Post.objects.filter(around, _open_on(timezone.localdate()), role__in=roles, official__user__is_active=True)
    return Area.of(posts.exclude(official__user__username=besides).values_list("division", flat=True))


def without_open_post(day: dt.date, official: str = "official") -> Q:
    """The condition that an official held posts and holds none on a day; who never had one is named by name alone."""
    posts = Post.objects.filter(official=OuterRef(official))
    return Q(Exists(posts)) & ~Q(Exists(posts.filter(_open_on(day))))


def actor_of(user: User | AnonymousUser) -> UserActor:
    """The actor of a user, today; an anonymous or inactive user holds nothing. Read once per request."""
    if not isinstance(user, User) or not user.is_active:
        return _NOBODY
    today = timezone.localdate()
    # Most officials have no grants: whether there are any is asked with the posts, so that no page asks for none.
    granting = Exists(Grant.objects.filter(_open_on(today), official=OuterRef("official")))
    posts = list(posts_open(user, today).annotate(granting=granting).order_by("valid_from", "id"))
    if not posts or not vars(posts[0])["granting"]:
        return UserActor(user, posts, NOWHERE)
    granted = list(grants_open(posts[0].official_id, today).values_list("kind", "village", "household_id"))
    villages = Area.of(str(village) for kind, village, _household in granted if kind == GrantKind.VILLAGE)
    return UserActor(user, posts, villages, frozenset(household for *_where, household in granted if household))


def sight_of(by: Actor, permission: str) -> Scope:
    """Where an actor sees what a permission shows."""
    return by.sight(permission) if isinstance(by, UserActor) else Scope(by.sees(permission))


def scope_of(user: User | AnonymousUser) -> Scope:
    """What a user may see, today."""
    return actor_of(user).scope


_NOBODY = UserActor(User(username=""), [], NOWHERE)
