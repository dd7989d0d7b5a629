"""Reads for whoever keeps accounts: the officials of an area with their posts, grants and accounts.

An official is in reach where a post or grant of theirs, open or past, lies in the keeper's area. A keeper who knows the
exact user name also finds an official from elsewhere, without what they hold there, to give them a post or a grant in
the own area.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import BooleanField, Case, Exists, F, OrderBy, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.choices import AccountState, GrantKind, Role, Sector
from lika.accounts.closing import account_closed_until
from lika.accounts.models import Grant, Official, Post
from lika.accounts.permissions import is_own, keeps_whole
from lika.core.actors import Actor
from lika.core.areas import EVERYWHERE, Area
from lika.core.errors import NotFound, UserError
from lika.core.leaving.files import BLOCK, in_blocks
from lika.core.permissions import Permission
from lika.divisions import queries as divisions

PAGE_SIZE = 50
# What the list may be sorted by; a minus in front turns the order round.
SORT_KEYS: Mapping[str, str] = {
    "name": "name",
    "organisation": "organisation",
    "username": "user__username",
    "last_login": "user__last_login",
}


@dataclass(frozen=True)
class OfficialFilter:
    """What to list. Empty fields do not filter; `division` and `role` ask for a post that is open."""

    text: str = ""
    division: str = ""
    role: str = ""
    state: str = ""
    sort: str = "name"


@dataclass(frozen=True)
class PostLine:
    """A post in words; `kept` says whether the reader may end it."""

    id: UUID
    role: Role
    sector: str
    title: str
    division: str
    place: str
    valid_from: dt.date
    valid_to: dt.date | None
    is_open: bool
    kept: bool


@dataclass(frozen=True)
class GrantLine:
    """A grant in words; a household is told by its village alone, for a keeper sees no households."""

    id: UUID
    kind: GrantKind
    place: str
    purpose: str
    valid_from: dt.date
    valid_to: dt.date | None
    is_open: bool
    kept: bool


@dataclass(frozen=True)
class OfficialLine:
    """An official with the account ("" where there is none) and the posts, open ones first."""

    id: UUID
    name: str
    organisation: str
    username: str
    state: AccountState
    last_login: dt.datetime | None
    password_expires_at: dt.datetime | None
    posts: tuple[PostLine, ...]


@dataclass(frozen=True)
class OfficialList:
    """One page, and how many there are in all."""

    rows: tuple[OfficialLine, ...]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True)
class OfficialView:
    """One official for the page: `own` is the reader's own record, `whole` says whether its account is the reader's to
    keep."""

    official: Official
    line: OfficialLine
    grants: tuple[GrantLine, ...]
    own: bool
    whole: bool
    closed_until: dt.datetime | None = None
    second_factor: bool = False


def list_officials(
    *, by: Actor, wanted: OfficialFilter | None = None, page: int = 1, size: int = PAGE_SIZE
) -> OfficialList:
    """A page of the officials in reach. Four queries whatever their number. Raises ACC-001, ACC-022 (unknown sort)."""
    by.require(Permission.ACCOUNTS_MANAGE)
    wanted = wanted or OfficialFilter()
    found = _filtered(wanted, by.area_for(Permission.ACCOUNTS_MANAGE))
    total = found.count()
    page = min(max(page, 1), max(1, -(-total // size)))
    chosen = list(_ordered(found, wanted.sort)[(page - 1) * size : page * size])
    return OfficialList(_lines(by, chosen), total, page, size)


def official_blocks(*, by: Actor, wanted: OfficialFilter) -> Iterator[tuple[OfficialLine, ...]]:
    """The whole list in its order, some at a time. Inside one transaction. Raises ACC-001, ACC-022."""
    by.require(Permission.ACCOUNTS_MANAGE)
    found = _ordered(_filtered(wanted, by.area_for(Permission.ACCOUNTS_MANAGE)), wanted.sort)
    for block in in_blocks(found.iterator(chunk_size=BLOCK)):
        yield _lines(by, block)


def count_officials(*, by: Actor, wanted: OfficialFilter) -> int:
    """How many officials in reach a filter leaves: as many as its list has lines. Raises ACC-001."""
    by.require(Permission.ACCOUNTS_MANAGE)
    return _filtered(wanted, by.area_for(Permission.ACCOUNTS_MANAGE)).count()


def official_kept(*, by: Actor, official: UUID) -> OfficialView:
    """One official. Raises ACC-001, ACC-023 (none).

    Posts and grants outside the reader's area are shown where the official is in reach, and never can be ended there.
    """
    by.require(Permission.ACCOUNTS_MANAGE)
    found = _officials(by.area_for(Permission.ACCOUNTS_MANAGE)).filter(pk=official).first()
    if found is None:
        raise _no_official()
    reached = vars(found)["reached"]
    posts = _posts_of(by, [found]).get(found.id, ()) if reached else ()
    grants = _grants_of(by, found) if reached else ()
    own = is_own(by, found)
    whole = not own and keeps_whole(by, found)
    if not whole or found.user is None:
        return OfficialView(found, _line(found, posts), grants, own, whole)
    closed, factor = account_closed_until(found.user), Authenticator.objects.filter(user=found.user).exists()
    return OfficialView(found, _line(found, posts), grants, own, whole, closed, factor)


def post_of(*, by: Actor, official: UUID, post: UUID) -> Post:
    """A post of an official, to be ended. Raises ACC-001, ACC-023."""
    by.require(Permission.ACCOUNTS_MANAGE)
    found = Post.objects.select_related("official").filter(pk=post, official_id=official).first()
    if found is None:
        raise _no_official()
    return found


def grant_of(*, by: Actor, official: UUID, grant: UUID) -> Grant:
    """A grant of an official, to be ended. Raises ACC-001, ACC-023."""
    by.require(Permission.ACCOUNTS_MANAGE)
    found = Grant.objects.select_related("official").filter(pk=grant, official_id=official).first()
    if found is None:
        raise _no_official()
    return found


def _no_official() -> NotFound:
    return NotFound(
        "ACC-023",
        _("There is no such official, post or grant."),
        remedy=_("Choose one from the list of officials."),
    )


def _open_today() -> Q:
    today = timezone.localdate()
    return Q(valid_from__lte=today) & (Q(valid_to__isnull=True) | Q(valid_to__gte=today))


def _in_reach(area: Area) -> Q:
    posts = Post.objects.filter(area.where("division__number"), official=OuterRef("pk"))
    grants = Grant.objects.filter(area.where("village"), official=OuterRef("pk"))
    return Q(Exists(posts)) | Q(Exists(grants))


def _officials(area: Area) -> QuerySet[Official]:
    """All officials, each `reached` or not."""
    everyone = Value(True, output_field=BooleanField())
    within = Case(When(_in_reach(area), then=Value(True)), default=Value(False), output_field=BooleanField())
    return Official.objects.select_related("user").annotate(reached=everyone if area == EVERYWHERE else within)


def _filtered(wanted: OfficialFilter, area: Area) -> QuerySet[Official]:
    found = _officials(area)
    if text := wanted.text.strip():
        named = Q(name__icontains=text) | Q(organisation__icontains=text) | Q(user__username__icontains=text)
        found = found.filter(Q(reached=True) & named | Q(user__username=text))
    else:
        found = found.filter(Q(reached=True))
    if wanted.role or wanted.division:
        held = Post.objects.filter(_open_today(), official=OuterRef("pk"))
        if wanted.role:
            held = held.filter(role=wanted.role)
        if wanted.division:
            held = held.filter(Area.of([wanted.division]).where("division__number"))
        found = found.filter(Exists(held))
    return found.filter(_state(wanted.state)) if wanted.state else found


def _state(state: str) -> Q:
    """The condition that belongs to `_state_of`."""
    waiting = Q(user__is_active=True, user__must_change_password=True)
    late = Q(user__password_expires_at__lte=timezone.now())
    conditions: Mapping[str, Q] = {
        AccountState.NONE: Q(user__isnull=True),
        AccountState.LOCKED: Q(user__is_active=False),
        AccountState.EXPIRED: waiting & late,
        AccountState.FIRST: waiting & (Q(user__password_expires_at__isnull=True) | ~late),
        AccountState.ACTIVE: Q(user__is_active=True, user__must_change_password=False),
    }
    return conditions.get(state, Q())


def _state_of(official: Official) -> AccountState:
    user = official.user
    if user is None:
        return AccountState.NONE
    if not user.is_active:
        return AccountState.LOCKED
    if not user.must_change_password:
        return AccountState.ACTIVE
    return AccountState.EXPIRED if user.one_time_password_expired else AccountState.FIRST


def _ordered(found: QuerySet[Official], sort: str) -> QuerySet[Official]:
    key = SORT_KEYS.get(sort.removeprefix("-"))
    if key is None:
        raise UserError(
            "ACC-022",
            _("The list cannot be sorted by this."),
            remedy=_("Choose a column of the list."),
            sort=sort,
        )
    return found.order_by(OrderBy(F(key), descending=sort.startswith("-"), nulls_last=True), "name", "id")


def _lines(by: Actor, officials: Sequence[Official]) -> tuple[OfficialLine, ...]:
    posts = _posts_of(by, [each for each in officials if vars(each)["reached"]])
    return tuple(_line(each, posts.get(each.id, ())) for each in officials)


def _line(official: Official, posts: tuple[PostLine, ...]) -> OfficialLine:
    user = official.user
    return OfficialLine(
        id=official.id,
        name=official.name,
        organisation=official.organisation,
        username=user.get_username() if user else "",
        state=_state_of(official),
        last_login=user.last_login if user else None,
        password_expires_at=user.password_expires_at if user else None,
        posts=posts,
    )


def _posts_of(by: Actor, officials: Iterable[Official]) -> dict[UUID, tuple[PostLine, ...]]:
    """The posts of some officials, open ones first, the latest first among them. Two queries."""
    own = {each.id for each in officials if is_own(by, each)}
    rows = list(Post.objects.filter(official__in=officials).order_by("-valid_from", "id"))
    places = divisions.path_labels({row.division_id for row in rows})
    area, today = by.area_for(Permission.ACCOUNTS_MANAGE), timezone.localdate()
    found: dict[UUID, list[PostLine]] = {}
    for row in rows:
        is_open = row.valid_to is None or row.valid_to >= today
        line = PostLine(
            id=row.id,
            role=Role(row.role),
            sector=str(Sector(row.sector).label) if row.sector else "",
            title=row.title,
            division=row.division_id,
            place=places.get(row.division_id, row.division_id),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            is_open=is_open,
            kept=is_open and row.official_id not in own and area.covers(row.division_id),
        )
        found.setdefault(row.official_id, []).append(line)
    return {key: tuple(sorted(lines, key=lambda line: not line.is_open)) for key, lines in found.items()}


def _grants_of(by: Actor, official: Official) -> tuple[GrantLine, ...]:
    rows = list(official.grants.order_by("-valid_from", "id"))
    places = divisions.path_labels({f"{row.village:012d}" for row in rows})
    area, today, own = by.area_for(Permission.ACCOUNTS_MANAGE), timezone.localdate(), is_own(by, official)
    lines = []
    for row in rows:
        is_open = row.valid_to is None or row.valid_to >= today
        line = GrantLine(
            id=row.id,
            kind=GrantKind(row.kind),
            place=places.get(f"{row.village:012d}", f"{row.village:012d}"),
            purpose=row.purpose,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            is_open=is_open,
            kept=is_open and not own and row.village in area,
        )
        lines.append(line)
    return tuple(sorted(lines, key=lambda line: not line.is_open))
