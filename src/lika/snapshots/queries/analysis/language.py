"""The texts of a question, checked and compiled by the engine: there is no second language and no second checker."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lika.core.errors import UserError
from lika.engine.checker import check
from lika.engine.criteria import Checked, Criterion
from lika.engine.duck.columns import ColumnsQuery, columns_query
from lika.engine.errors import EngineError, ExpressionError
from lika.engine.parser import parse
from lika.engine.schema import ParameterSpec, Schema
from lika.engine.snapshots.layout import PERSONS
from lika.policy import resolve
from lika.snapshots import planning
from lika.snapshots.guarding import is_guarded
from lika.snapshots.queries.analysis.request import Expression
from lika.snapshots.queries.analysis.sources import Sources
from lika.snapshots.queries.screenings import same_pack

#: The columns that come along with a unit: who it is, where it stood, which people it counts for.
KEYS = {"person": ("person_id", "household_id", "village"), "household": ("household_id", "village", PERSONS)}


@dataclass(frozen=True, eq=False)
class Language:
    """What expressions may name on a day: facts, and the parameters and criteria of a pack.

    `items` are the facts that only the pack's own place collects, as (unit, name).
    """

    schema: Schema
    parameters: Mapping[str, ParameterSpec]
    criteria: Mapping[str, Criterion]
    items: frozenset[tuple[str, str]] = frozenset()


def language_of(found: Sources) -> Language:
    """What may be named over some sources. Raises SCR-006 where the pack is no longer the one screened with."""
    return _language(*_pinned(found))


def checked(found: Sources, expression: Expression) -> Checked:
    """The checked form of a text. Raises UserError with the engine's code, line and column where it does not hold."""
    return _checked(*_pinned(found), expression.unit, expression.text)


def measures_of(found: Sources) -> tuple[str, ...]:
    """The ids of the measures that households come under: those whose combinations a screening counts."""
    return () if found.screening is None else _measures(*_pinned(found))


def guarded(found: Sources, expression: Expression) -> bool:
    """Whether a text reads what is personal, directly or through others."""
    return is_guarded(checked(found, expression))


def query_of(found: Sources, unit: str, texts: tuple[tuple[str, str], ...]) -> ColumnsQuery:
    """The compiled query of some texts about a unit, as (column, text). Errors as of `checked`."""
    tables = tuple((name, tuple(columns.items())) for name, columns in found.columns().items())
    return _query(*_pinned(found), unit, texts, tables)


def refused(error: EngineError) -> UserError:
    """The engine's refusal as one of the user's errors, in the reader's language."""
    language = get_language() or "zh"
    place: dict[str, int | str] = {}
    words = error.message(language)
    if isinstance(error, ExpressionError):
        words = error.describe(language).partition(f"{error.code} ")[2]
        place = {"line": error.line, "column": error.column}
        if error.criterion is not None:
            place["criterion"] = error.criterion
    return UserError(error.code, words, remedy=_("Correct the expression, or take it away."), **place)


def _pinned(found: Sources) -> tuple[str, str, dt.date]:
    screening = found.screening
    return ("", "", found.at) if screening is None else (screening.pack, screening.pack_sha256, found.at)


@lru_cache(maxsize=8)
def _language(reference: str, sha256: str, at: dt.date) -> Language:
    """Pack versions never change: put together once per process."""
    if not reference:
        return Language(resolve.schema_of(None), {}, {})
    pack = same_pack(reference, sha256)
    criteria = {item.id: item for item in resolve.engine_criteria(pack)}
    items = frozenset((item.unit, item.id) for item in pack.items)
    return Language(resolve.schema_of(pack), resolve.parameters_of(pack, at), criteria, items)


@lru_cache(maxsize=8)
def _measures(reference: str, sha256: str, at: dt.date) -> tuple[str, ...]:
    def referred(name: str) -> frozenset[str]:
        return _checked(reference, sha256, at, "household", f"met('{name}')").criteria - {name}

    return planning.measures_of(same_pack(reference, sha256), referred)


@lru_cache(maxsize=512)
def _checked(reference: str, sha256: str, at: dt.date, unit: str, text: str) -> Checked:
    known = _language(reference, sha256, at)
    try:
        return check(parse(text), unit=unit, schema=known.schema, parameters=known.parameters, criteria=known.criteria)
    except ExpressionError as error:
        raise refused(error) from None


@lru_cache(maxsize=256)
def _query(
    reference: str,
    sha256: str,
    at: dt.date,
    unit: str,
    texts: tuple[tuple[str, str], ...],
    tables: tuple[tuple[str, tuple[tuple[str, str], ...]], ...],
) -> ColumnsQuery:
    """Compiling costs more than running: what was compiled is kept."""
    expressions = {name: _checked(reference, sha256, at, unit, text) for name, text in texts}
    columns = {name: dict(pairs) for name, pairs in tables}
    try:
        return columns_query(expressions, unit, columns, keys=KEYS.get(unit, (unit,)), reference_date=at)
    except EngineError as error:
        raise refused(error) from None
