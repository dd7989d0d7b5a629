"""What an analysis is called, from its definition: the same words on the page, in the file and on the list behind."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lika.core.language import Said
from lika.reports.asking import NO, YES
from lika.reports.definition import UNKNOWN, Definition, Picked
from lika.reports.fields import Catalogue, Field, Kind
from lika.snapshots.choices import Result, UnitKind
from lika.snapshots.queries.analysis import What

UNIT_WORDS = {
    UnitKind.HOUSEHOLD: gettext_lazy("Households"),
    UnitKind.PERSON: gettext_lazy("Members of households"),
    UnitKind.VILLAGE: gettext_lazy("Administrative villages"),
}
COUNT_WORDS = {
    UnitKind.HOUSEHOLD: gettext_lazy("Number of households"),
    UnitKind.PERSON: gettext_lazy("Number of persons"),
    UnitKind.VILLAGE: gettext_lazy("Number of villages"),
}
WHAT_WORDS = {
    What.COUNT: gettext_lazy("Number"),
    What.PERSONS: gettext_lazy("People of the households"),
    What.SUM: gettext_lazy("Sum"),
    What.MEAN: gettext_lazy("Mean"),
    What.MEDIAN: gettext_lazy("Median"),
    What.MIN: gettext_lazy("Least"),
    What.MAX: gettext_lazy("Greatest"),
    What.SHARE: gettext_lazy("Share"),
    What.KNOWN: gettext_lazy("Share known"),
}


def measure_title(definition: Definition, catalogue: Catalogue) -> str:
    """What is counted: 户数, 人均纯收入：平均值, 饮水是否安全：占比."""
    if definition.what == What.COUNT:
        return str(COUNT_WORDS[definition.unit])
    word = str(WHAT_WORDS[definition.what])
    if definition.of is None:
        return word
    return _("%(field)s: %(measure)s") % {"field": picked_title(definition.of, catalogue), "measure": word}


def title_of(definition: Definition, catalogue: Catalogue) -> str:
    """The whole: 户数，按乡镇、贫困状态."""
    measure = measure_title(definition, catalogue)
    axes = [str(catalogue.field(axis.key).label) for axis in (definition.rows, definition.columns) if axis]
    if not axes:
        return measure
    return _("%(measure)s by %(groups)s") % {"measure": measure, "groups": _joined(axes)}


def axis_title(definition: Definition, catalogue: Catalogue) -> str:
    """What the rows are grouped by."""
    return str(catalogue.field(definition.rows.key).label) if definition.rows else _("Everything")


def filter_titles(definition: Definition, catalogue: Catalogue) -> list[tuple[Picked, str]]:
    """Each filter in words."""
    return [(picked, picked_title(picked, catalogue)) for picked in definition.filters]


def picked_title(picked: Picked, catalogue: Catalogue) -> str:
    """A field and what is picked of it: 贫困状态：贫困、已脱贫."""
    field = catalogue.field(picked.key)
    if picked.low or picked.high:
        span = f"{picked.low or '…'} – {picked.high or '…'}"
        return _("%(field)s: %(values)s") % {"field": field.label, "values": span}
    if not picked.values:
        return str(field.label)
    return _("%(field)s: %(values)s") % {
        "field": field.label,
        "values": _joined([value_word(field, value) for value in picked.values]),
    }


def value_word(field: Field, value: str) -> str:
    """The word of one value of a field."""
    if value == UNKNOWN:
        return _("Unknown value")
    if field.kind == Kind.BOOLEAN:
        return {YES: _("Yes"), NO: _("No")}.get(value, value)
    if field.kind == Kind.VERDICT and value in Result.values:
        return str(Result(value).label)
    item = field.code_list.item(value) if field.code_list else None
    return str(Said(item.zh, item.en)) if item else value


def _joined(texts: list[str]) -> str:
    return str(Said("、", ", ")).join(texts)
