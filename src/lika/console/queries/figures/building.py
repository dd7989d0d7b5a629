"""Five figures in words: what the home page shows of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lika.accounts.choices import Role
from lika.console.figures import Definition, figures_of
from lika.console.queries.figures.asked import Asked
from lika.console.queries.figures.courses import WHOLE, Course, courses, keys_needing_whole
from lika.console.queries.figures.kept import kept_of
from lika.console.queries.figures.people import People
from lika.console.queries.figures.rolled import Rolled, rolled, rolled_counts
from lika.console.queries.figures.sets import household_set
from lika.console.queries.figures.standing import INCIDENCE, courses_by_status
from lika.core.language import chosen, listed
from lika.register import queries as register

SHOWN = 5
NOTHING = "—"
_UNITS: Mapping[str, str | Promise] = {
    "households": gettext_lazy("households"),
    "villages": gettext_lazy("villages"),
    "none": "",
}


@dataclass(frozen=True)
class Meaning:
    """What a figure counts, in both languages, and the place in a document that it answers."""

    word: str
    other: str
    text: str
    other_text: str
    other_language: str
    source: str


@dataclass(frozen=True)
class Figure:
    """A figure as a card: `trend` are its numbers, oldest first, which `trend_text` says in words.

    `url` leads to the list whose total equals the value (of a share: the list of what it is a share of).
    """

    key: str
    label: str
    value: str
    unit: str | Promise
    url: str
    note: str
    trend: Sequence[int | Decimal]
    trend_text: str
    meaning: Meaning


def figures(asked: Asked, role: Role, people: People) -> list[Figure]:
    """The figures of a role. At most eleven queries, however large the area is."""
    sets, lists = _chosen(asked, role)
    counted = {**sets, WHOLE: Q()} if keys_needing_whole(sets) else dict(sets)
    counted.pop(INCIDENCE, None)  # a share, not a number of households
    kept = kept_of(asked, counted, people.by_status)
    rest = {key: condition for key, condition in counted.items() if key not in kept.values}
    values = {**kept.values, **register.count_each(asked.inside, rest), **rolled_counts(asked, lists)}
    points = courses(asked, values, lists, kept.course) | courses_by_status(asked, sets, values, people)
    cards = []
    for each in figures_of(role):
        if each.key in sets:
            url = _list_of(each.key, asked)
        elif each.key in lists:
            url = lists[each.key].url
        else:
            continue
        cards.append(_card(each, asked, (values.get(each.key), points.get(each.key, ())), people, url))
    return cards


def _chosen(asked: Asked, role: Role) -> tuple[dict[str, Q], dict[str, Rolled]]:
    """The first five figures of the role that can be given here: by the households they count, or by roll-ups."""
    sets: dict[str, Q] = {}
    lists: dict[str, Rolled] = {}
    for key in (each.key for each in figures_of(role)):
        if len(sets) + len(lists) == SHOWN:
            break
        if (found := rolled(key, asked)) is not None:
            lists[key] = found
        elif (condition := household_set(key, asked)) is not None:
            sets[key] = condition
    return sets, lists


def _list_of(key: str, asked: Asked) -> str:
    division = {"division": asked.focus.division.code} if asked.focus else {}
    pack = {"pack": asked.screening.pack_id} if asked.screening else {}
    return f"{reverse('console:households')}?{urlencode({**division, **pack, 'figure': key, 'year': asked.year})}"


def _card(each: Definition, asked: Asked, counted: tuple[int | None, Course], people: People, url: str) -> Figure:
    value, course = counted
    label = each.name.of(asked.year)
    shown, note = NOTHING if value is None else f"{value:,}", _note(course)
    if each.key == "poor":
        note = _("%(persons)s persons") % {"persons": f"{people.poor:,}"}
    if each.key == INCIDENCE:
        shown, note = _incidence(people, note)
    return Figure(
        each.key,
        label,
        shown,
        _UNITS[each.unit],
        "" if shown == NOTHING else url,
        note,
        [number for _when, number in course],
        _told(label, course, "%" if each.key == INCIDENCE else ""),
        meaning_of(each, asked.year),
    )


def _note(course: Course) -> str:
    return "" if len(course) > 1 else _("No earlier number on record")


def _incidence(people: People, note: str) -> tuple[str, str]:
    """Poor persons over the rural registered population, with the note on its course; — where that is unknown."""
    if people.incidence is None:
        return NOTHING, _("The rural registered population is not recorded.")
    numbers = {"poor": f"{people.poor:,}", "population": f"{people.rural:,}", "year": people.form_year}
    if people.form_year is None:
        told = _("%(poor)s of %(population)s rural registered persons") % numbers
    else:
        told = _("%(poor)s of %(population)s rural registered persons, %(year)s") % numbers
    return f"{people.incidence}%", chosen("；", "; ").join(filter(None, [told, note]))


def _told(label: str, course: Course, sign: str) -> str:
    """The trend in words, for those who do not see the line; `sign` stands after each number."""
    points = listed(chosen(f"{when}{number:,}{sign}", f"{when}: {number:,}{sign}") for when, number in course)
    return chosen(f"{label}：{points}", f"{label}: {points}")


def meaning_of(each: Definition, year: int) -> Meaning:
    """What a figure counts, in the words of the reader and in the other language."""
    return Meaning(
        each.name.of(year),
        each.name.other(year),
        each.meaning.of(year),
        each.meaning.other(year),
        chosen("en", "zh-hans"),
        chosen(f"{each.ref}：“{each.quote}”", f"{each.ref}: “{each.quote}”"),
    )
