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
    documents_of,
    get,
    list_packs,
    stored,
    versions,
    view,
)
from lika.policy.queries.procedure_lines import ProcedureLine, StageLine, procedure_lines
from lika.policy.queries.procedures import (
    Procedure,
    ProcedureStage,
    Slot,
    StatusEffect,
    procedure_in,
    procedures_for,
    procedures_of,
)
from lika.policy.queries.records import AccountLine, ChangeLine, account_lines, change_lines
from lika.policy.queries.report_lines import FigureLine, ReportLine, report_lines, report_of
from lika.policy.queries.values import DatedValue, dated_values

__all__ = [
    "AccountLine",
    "ChangeLine",
    "ClauseLine",
    "Comparison",
    "Coverage",
    "CriterionLine",
    "CriterionView",
    "DatedValue",
    "DeadlineView",
    "DueDay",
    "FigureLine",
    "GroupView",
    "PackView",
    "ParameterView",
    "Procedure",
    "ProcedureLine",
    "ProcedureStage",
    "ReportLine",
    "Slot",
    "StageLine",
    "StatusEffect",
    "ValueView",
    "account_lines",
    "change_lines",
    "clause_lines",
    "compare",
    "coverage_of",
    "dated_values",
    "deadlines_for",
    "documents_of",
    "get",
    "list_packs",
    "procedure_in",
    "procedure_lines",
    "procedures_for",
    "procedures_of",
    "report_lines",
    "report_of",
    "stored",
    "versions",
    "view",
]
