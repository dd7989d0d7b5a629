"""Named reads of packs: by reference, in lists, as views for screens, clause by clause, compared."""

from lika.policy.queries.calendar import DeadlineView, DueDay, deadlines_for
from lika.policy.queries.clauses import ClauseLine, CriterionLine, clause_lines
from lika.policy.queries.comparing import Comparison, compare
from lika.policy.queries.coverage import Coverage, coverage_of
from lika.policy.queries.packs import (
    CriterionView,
    GroupView,
    PackView,
    ParameterView,
    ValueView,
    get,
    list_packs,
    stored,
    versions,
    view,
)
from lika.policy.queries.values import DatedValue, dated_values

__all__ = [
    "ClauseLine",
    "Comparison",
    "Coverage",
    "CriterionLine",
    "CriterionView",
    "DatedValue",
    "DeadlineView",
    "DueDay",
    "GroupView",
    "PackView",
    "ParameterView",
    "ValueView",
    "clause_lines",
    "compare",
    "coverage_of",
    "dated_values",
    "deadlines_for",
    "get",
    "list_packs",
    "stored",
    "versions",
    "view",
]
