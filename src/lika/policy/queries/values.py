"""Every value of every parameter with the days between which it holds, who set it and who else may."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from lika.core.areas import is_country
from lika.core.language import Said
from lika.divisions.choices import Level
from lika.divisions.codes import level_of
from lika.policy import resolve
from lika.policy.packs.form import Local
from lika.policy.packs.resolved import ResolvedPack, ResolvedParameter
from lika.policy.queries.packs import ParameterView, stored

_ONE_DAY = dt.timedelta(days=1)
_LEVELS = {
    "province": Level.PROVINCE,
    "prefecture": Level.PREFECTURE,
    "county": Level.COUNTY,
    "township": Level.TOWNSHIP,
}


@dataclass(frozen=True)
class DatedValue:
    """A parameter's value from a day to a day (None: until replaced); `shown` None is 待补充依据.

    `level` is that of the place whose pack set it (None: the nation), `allowed` are the levels below that may set
    their own, between `least` and `most`.
    """

    parameter: ParameterView
    first: bool
    since: dt.date
    until: dt.date | None
    shown: Said | None
    clause_ref: str
    level: Level | None
    allowed: tuple[Level, ...]
    least: str
    most: str


def dated_values(pack: ResolvedPack, parameters: tuple[ParameterView, ...]) -> tuple[DatedValue, ...]:
    """The values of all parameters in the pack's order, each parameter's oldest first."""
    views = {item.id: item for item in parameters}
    levels = {item.origin: _level(pack, item.origin) for item in pack.parameters}
    return tuple(
        value for item in pack.parameters for value in _values(pack, item, views[item.id], levels[item.origin])
    )


def _values(
    pack: ResolvedPack, item: ResolvedParameter, view: ParameterView, level: Level | None
) -> Iterator[DatedValue]:
    allowed, least, most = _allowed(item.local)
    days = [value.since for value in item.values] or [pack.valid.first]
    ends = [*(day - _ONE_DAY for day in days[1:]), pack.valid.last]
    for index, (since, until) in enumerate(zip(days, ends, strict=True)):
        own = item.values[index].clause if item.values else None
        yield DatedValue(
            parameter=view,
            first=index == 0,
            since=since,
            until=until,
            shown=Said(*resolve.parameter_in_words(pack, item, since)) if item.values else None,
            clause_ref=(own or item.clause).ref,
            level=level,
            allowed=allowed,
            least=least,
            most=most,
        )


def _allowed(local: Local | None) -> tuple[tuple[Level, ...], str, str]:
    if local is None:
        return (), "", ""
    least, most = ("" if bound is None else str(bound) for bound in (local.least, local.most))
    return tuple(_LEVELS[name] for name in local.levels), least, most


def _level(pack: ResolvedPack, origin: str) -> Level | None:
    """The level of the pack that an item comes from; of this one where the other is not loaded. None: the nation."""
    source = pack if origin == pack.reference else stored(origin) or pack
    return None if is_country(source.jurisdiction) else level_of(source.jurisdiction)
