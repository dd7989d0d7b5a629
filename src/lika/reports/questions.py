"""Questions that officials ask again and again, ready to be opened: each is an ordinary definition."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lika.reports.definition import Axis, Definition, Picked
from lika.reports.fields import VERDICT_MARK, Catalogue
from lika.snapshots.choices import UnitKind
from lika.snapshots.queries.analysis import What

_POOR = Picked("poverty", ("poor",))
_POOR_PERSONS = Picked("household.poverty", ("poor",))
_INCOME = "net_income_per_capita"


@dataclass(frozen=True)
class ReadyQuestion:
    """A question in words and the analysis that answers it."""

    words: str
    why: str
    definition: Definition


def ready_questions(catalogue: Catalogue, level: str, division: str = "", pack: str = "") -> Iterator[ReadyQuestion]:
    """The questions that the snapshot and the screening can answer; `level` is the division level to group by.

    `catalogue` is that of households.
    """
    place = Axis(level)
    for words, why, asked, needs in _asked(catalogue, place):
        if all(key in catalogue.fields for key in needs):
            yield ReadyQuestion(words, why, asked.but(division=division, pack=pack))


def _asked(catalogue: Catalogue, place: Axis) -> Iterator[tuple[str, str, Definition, tuple[str, ...]]]:
    yield (
        _("How many households are poor, and where?"),
        _("Households by division and poverty"),
        Definition(rows=place, columns=Axis("poverty")),
        ("poverty",),
    )
    yield (
        _("What makes them poor?"),
        _("Causes of poverty by household attribute, poor households"),
        Definition(rows=Axis("causes"), columns=Axis("attribute"), filters=(_POOR,)),
        ("causes", "attribute", "poverty"),
    )
    edges = tuple(f"param.{name}" for name in ("exit_line",) if _has_value(catalogue, name))
    if edges:
        yield (
            _("Whose income lies below the line?"),
            _("Net income per head against the line of the policy pack, by division"),
            Definition(rows=place, columns=Axis(_INCOME, edges)),
            (_INCOME,),
        )
    summary = next((item for item in catalogue.criteria if item.summary and item.unit_kind == UnitKind.HOUSEHOLD), None)
    if summary is not None:
        key = f"{VERDICT_MARK}{summary.criterion}"
        yield (
            _("How many meet the conditions?"),
            _("Share that meets “%(criterion)s”, by division") % {"criterion": summary.title},
            Definition(what=What.SHARE, of=Picked(key), rows=place),
            (key,),
        )
    yield (
        _("Which households receive several measures?"),
        _("Overlap of the measures, as a chart of combinations"),
        Definition(rows=Axis("overlap")),
        ("overlap",),
    )
    yield (
        _("Who lives in unsafe houses or without safe water?"),
        _("Housing safety grade by safety of drinking water"),
        Definition(rows=Axis("housing_grade"), columns=Axis("safe_water")),
        ("housing_grade", "safe_water"),
    )
    yield (
        _("Where do the poor work?"),
        _("Persons of poor households by place of work and sex"),
        Definition(unit=UnitKind.PERSON, rows=Axis("work_status"), columns=Axis("sex"), filters=(_POOR_PERSONS,)),
        (),
    )


def _has_value(catalogue: Catalogue, parameter: str) -> bool:
    spec = catalogue.language.parameters.get(parameter)
    return spec is not None and spec.value is not None
