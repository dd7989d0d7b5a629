"""What changed in a reader's sight since their last visit, each with the list or page that holds as much."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, F, Func, Q, UUIDField, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lika.accounts import queries as accounts
from lika.accounts.choices import Role
from lika.accounts.queries import UserActor
from lika.collection import queries as collection
from lika.console.names import place_name
from lika.console.queries.focus import Focus
from lika.console.queries.places import address_of
from lika.console.queries.verdicts import Current, result_label
from lika.core.language import chosen
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.engine.amounts import date_words
from lika.register import queries as register
from lika.register.choices import PovertyStatus
from lika.register.queries import sets
from lika.snapshots import queries as snapshots
from lika.snapshots.models import Screening
from lika.snapshots.queries import Turn

MOST_EACH = 3  # of imports and screenings, told one by one; their pages hold the rest


@dataclass(frozen=True)
class Change:
    """Something that is otherwise than it was; `count` households, where it is told of households."""

    icon: str
    title: str
    count: int | None = None
    url: str = ""


@dataclass(frozen=True)
class Since:
    """Whose changes, from which moment on, in which division (None: everything granted)."""

    who: UserActor
    moment: dt.datetime
    focus: Focus | None
    screening: Current | None

    @property
    def inside(self) -> sets.Inside:
        """The households in sight that are looked at."""
        return register.households_within(self.who, self.focus.area if self.focus else None)

    @property
    def known(self) -> sets.Inside:
        """Those of them that the register held before: what a new one entered with is no change."""
        return self.inside.exclude(sets.recorded_since(self.moment))


def changes(since: Since) -> list[Change]:
    """The changes, those of households first. Seven queries, and at most eleven after a new screening."""
    return [*_statuses(since), *_verdicts(since), *_imports(since), *_screenings(since), *_own(since)]


def _statuses(since: Since) -> Iterator[Change]:
    new = since.inside.filter(sets.recorded_since(since.moment)).count()
    if new:
        yield Change("user-plus", _("New in the register"), new, _list(since, changed="new"))
    for status, number in sets.statuses_changed(since.known, since.moment).items():
        title = _("Poverty status now: %(status)s") % {"status": PovertyStatus(status).label}
        yield Change("history", title, number, _list(since, changed="status", to=status))


def _verdicts(since: Since) -> Iterator[Change]:
    screening = since.screening
    if screening is None or screening.newest.finished_at <= since.moment:
        return
    found = households_turned(screening, since.moment)
    conditions = {f"turn{number}": listed(found[turn]) for number, turn in enumerate(sorted(found))}
    numbers = register.count_each(since.inside, conditions)
    for number, turn in enumerate(sorted(found)):
        if numbers[f"turn{number}"]:
            yield Change(
                "arrows-diff",
                turn_title(screening, turn),
                numbers[f"turn{number}"],
                _list(since, changed="verdict", was=turn.before.value, to=turn.after.value, pack=screening.pack_id),
            )


def turn_title(screening: Current, turn: Turn) -> str:
    """Which result became which."""
    turned = f"{result_label(turn.before)} → {result_label(turn.after)}"
    return chosen(f"{screening.title}：{turned}", f"{screening.title}: {turned}")


def households_turned(screening: Current, moment: dt.datetime) -> Mapping[Turn, Sequence[UUID]]:
    """The households that current screenings since a moment judge otherwise than those before, wherever they stand."""
    found: dict[Turn, list[UUID]] = {}
    for each in screening.screenings:
        if each.finished_at > moment:
            for turn, households in snapshots.turned(each, screening.summary.criterion).items():
                found.setdefault(turn, []).extend(households)
    return found


def listed(households: Sequence[UUID]) -> Q:
    """Some households as a condition on a queryset of households; one array, however many they are."""
    array = Value(list(households), output_field=ArrayField(UUIDField()))
    return Q(Func(F("id"), array, template="(%(expressions)s))", arg_joiner=" = ANY(", output_field=BooleanField()))


def _imports(since: Since) -> Iterator[Change]:
    if not since.who.has(Permission.REGISTER_IMPORT):
        return
    ended = collection.finished_since(since.who, since.moment)
    for batch in ended[:MOST_EACH]:
        title = _("Import of %(file)s") % {"file": batch.file_name}
        yield Change(
            "file-import", f"{title} · {batch.get_state_display()}", url=reverse("collection:batch", args=[batch.pk])
        )
    if len(ended) > MOST_EACH:
        rest = len(ended) - MOST_EACH
        title = ngettext("%(n)s more import", "%(n)s more imports", rest) % {"n": rest}
        yield Change("file-import", title, url=reverse("collection:import"))


def _screenings(since: Since) -> Iterator[Change]:
    if not since.who.sees(Permission.SCREENING_VIEW):
        return
    run = snapshots.screenings_since(since.who, since.moment, since.focus.area if since.focus else None)
    for each in run[:MOST_EACH]:
        yield Change("checklist", _screening_title(each), url=reverse("snapshots:screening", args=[each.pk]))
    if len(run) > MOST_EACH:
        rest = len(run) - MOST_EACH
        title = ngettext("%(n)s more screening", "%(n)s more screenings", rest) % {"n": rest}
        yield Change("checklist", title, url=reverse("snapshots:screenings"))


def _screening_title(found: Screening) -> str:
    told = {"pack": found.title, "day": chosen(*date_words(found.snapshot.at))}
    if found.what_if:
        return _("Trial run of %(pack)s, standard time point %(day)s") % told
    return _("Screened by %(pack)s, standard time point %(day)s") % told


def _own(since: Since) -> Iterator[Change]:
    """The reader's own posts and grants."""
    official = since.who.official_id
    if official is None:
        return
    found = accounts.own_changes(official, since.moment, timezone.localdate())
    for post in found.posts:
        told = {"role": Role(post.role).label, "place": place_name(post.division.name)}
        yield Change("user-check", _("New post: %(role)s, %(place)s") % told, url=reverse("console:home"))
    for post in found.posts_ended:
        told = {"role": Role(post.role).label, "place": place_name(post.division.name)}
        yield Change("logout", _("Post ended: %(role)s, %(place)s") % told)
    if found.households:
        granted = register.households_visible_to(since.who).filter(id__in=found.households).count()
        url = f"{reverse('console:households')}?{urlencode({'changed': 'granted', 'since': _stamp(since.moment)})}"
        yield Change("key", _("Newly granted to you"), granted, url)
    named = divisions.by_codes([f"{village:012d}" for village in found.villages]) if found.villages else {}
    for code, village in named.items():
        title = _("Newly granted to you: %(village)s") % {"village": place_name(village.name)}
        yield Change("key", title, url=address_of(code))
    if found.grants_ended:
        title = ngettext("%(n)s grant ran out", "%(n)s grants ran out", found.grants_ended)
        yield Change("lock", title % {"n": found.grants_ended})


def _list(since: Since, **asked: str) -> str:
    division = {"division": since.focus.division.code} if since.focus else {}
    return f"{reverse('console:households')}?{urlencode({**division, **asked, 'since': _stamp(since.moment)})}"


def _stamp(moment: dt.datetime) -> str:
    """A moment as the address of a list carries it, to the microsecond: the list asks what the number asked."""
    return moment.astimezone(dt.UTC).isoformat()
