"""The list of households as the screen shows it: rows of the register with the verdict of the current screening."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lika.console.facts import code_label
from lika.console.names import place_name
from lika.console.queries.data_age import Age, ages_of
from lika.core.pages import Column
from lika.register.choices import PovertyStatus
from lika.register.choices.lists import CAUSE
from lika.register.queries.listing import HouseholdRow
from lika.register.queries.ordering import PERSONAL_KEYS


@dataclass(frozen=True)
class Line:
    """A line of the list, in words. `verdict` is met, not_met or unknown; empty where nothing was screened."""

    id: UUID
    number: str
    head_name: str
    village_name: str
    members: int
    poverty_status: str
    poverty_label: str
    main_cause: str
    income_per_head: Decimal | None
    in_full: bool
    verdict: str
    age: Age


COLUMNS = (
    Column("head", gettext_lazy("Head")),
    Column("number", gettext_lazy("Household number")),
    Column("village", gettext_lazy("Village of residence")),
    Column("members", gettext_lazy("Members"), numeric=True),
    Column("poverty", gettext_lazy("Poverty status")),
    Column("cause", gettext_lazy("Main cause")),
    Column("income", gettext_lazy("Net income per head"), numeric=True),
    Column("", gettext_lazy("Data as of")),
)


def columns(sort: str | None, last: str, *, in_full: bool) -> list[Column]:
    """The headings with the order that a click on each asks for; `last` is the criterion's title.

    Without `sort` the list has an order of its own, without `in_full` none that tells of persons.
    """
    shown = []
    for column in COLUMNS:
        heading = column if sort is None else column.sorted_by(sort)
        shown.append(replace(heading, sort_to="") if column.key in PERSONAL_KEYS and not in_full else heading)
    return [*shown, Column("", last)]


def lines(rows: Iterable[HouseholdRow], verdicts: dict[UUID, str]) -> Sequence[Line]:
    """The rows in words, each with its verdict and the age of its data."""
    listed = list(rows)
    return [
        Line(
            id=row.id,
            number=row.number,
            head_name=row.head,
            village_name=place_name(row.village_name),
            members=row.members,
            poverty_status=row.poverty_status,
            poverty_label=str(PovertyStatus(row.poverty_status).label),
            main_cause=code_label(CAUSE, row.main_cause) if row.in_full else _("Not open to you"),
            income_per_head=row.net_income_per_capita,
            in_full=row.in_full,
            verdict=verdicts.get(row.id, ""),
            age=age,
        )
        for row, age in zip(listed, ages_of(listed), strict=True)
    ]
