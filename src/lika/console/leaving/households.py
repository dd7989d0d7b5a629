"""Households, the persons of a list of households, and what a search found."""

from collections.abc import Iterator
from dataclasses import asdict, replace

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lika.accounts.queries import UserActor
from lika.console.choosing import CELL, Choice, choice_of
from lika.console.facts import code_label
from lika.console.leaving.reading import text, words_of
from lika.console.names import place_name
from lika.console.queries import households as listing
from lika.console.queries import verdicts
from lika.console.queries.found import search_groups
from lika.core.leaving import Field, Kind, Personal, Row
from lika.core.permissions import Permission
from lika.register import queries as register
from lika.register.choices import PovertyStatus, lists
from lika.register.models import Household
from lika.register.queries import HouseholdRow
from lika.reports.leaving import LeavingList, Reading

_HEAD = Field("head", gettext_lazy("Head"), personal=Personal.NAME)
_NUMBER = Field("number", gettext_lazy("Household number"), width=22)
_VILLAGE = Field("village", gettext_lazy("Village of residence"), width=20)
_POVERTY = Field("poverty", gettext_lazy("Poverty status"))
_HOUSEHOLD = (
    _HEAD,
    _NUMBER,
    _VILLAGE,
    Field("members", gettext_lazy("Members"), Kind.WHOLE, width=8),
    _POVERTY,
    Field("cause", gettext_lazy("Main cause")),
    Field("income", gettext_lazy("Net income per head"), Kind.MONEY),
    Field("data_as_of", gettext_lazy("Data as of"), Kind.DAY),
)
_SECRETS = (
    Field("phone", gettext_lazy("Telephone"), personal=Personal.PHONE),
    Field("bank_account", gettext_lazy("Bank account"), personal=Personal.ACCOUNT, width=24),
)
_PERSON = (
    Field("name", gettext_lazy("Name"), personal=Personal.NAME),
    Field("relation", gettext_lazy("Relation to head")),
    Field("sex", gettext_lazy("Sex"), width=8),
    Field("birth_date", gettext_lazy("Date of birth"), Kind.DAY),
    Field("id_number", gettext_lazy("Identity number"), personal=Personal.IDENTITY, width=24),
    replace(_NUMBER, key="household"),
    _VILLAGE,
    _POVERTY,
)
_FOUND = (
    Field("found_by", gettext_lazy("Found by")),
    Field("name", gettext_lazy("Name"), personal=Personal.NAME),
    _HEAD,
    _NUMBER,
    _VILLAGE,
    _POVERTY,
)


def _households(who: UserActor, given: QueryDict) -> Reading:
    choice = choice_of(who, given)
    title = choice.screening.title if choice.screening else _("Result")
    return replace(
        _about(who, choice),
        fields=(*_HOUSEHOLD, Field("result", title), *_SECRETS),
        total=_found(who, choice).count(),
        rows=lambda personal: _household_rows(who, choice, personal=personal),
    )


def _household_rows(who: UserActor, choice: Choice, *, personal: bool) -> Iterator[Row]:
    for block in _blocks(who, choice):
        secrets = register.secrets_taken(who, block) if personal else {}
        results = verdicts.of_households(who, choice.screening, [row.id for row in block])
        for line in listing.lines(block, results):
            yield {
                "head": line.head_name,
                "number": line.number,
                "village": line.village_name,
                "members": line.members,
                "poverty": line.poverty_label,
                "cause": line.main_cause,
                "income": line.income_per_head,
                "data_as_of": line.age.on,
                "result": verdicts.result_label(line.verdict),
                **(asdict(secrets[line.id]) if line.id in secrets else {}),
            }


def _persons(who: UserActor, given: QueryDict) -> Reading:
    choice = choice_of(who, given)
    return replace(
        _about(who, choice),
        fields=_PERSON,
        total=register.members_of(_found(who, choice)),
        rows=lambda personal: _person_rows(who, choice, personal=personal),
    )


def _person_rows(who: UserActor, choice: Choice, *, personal: bool) -> Iterator[Row]:
    for block in _blocks(who, choice):
        members = register.members_taken(who, block, as_of=choice.wanted.as_of, numbers=personal)
        for row in block:
            home = {
                "household": row.number,
                "village": place_name(row.village_name),
                "poverty": str(PovertyStatus(row.poverty_status).label),
            }
            for member in members[row.id]:
                yield home | {
                    "name": member.name,
                    "relation": code_label(lists.RELATION, member.relation),
                    "sex": code_label(lists.SEX, member.sex),
                    "birth_date": member.birth_date,
                    "id_number": member.id_number,
                }


def _found(who: UserActor, choice: Choice) -> QuerySet[Household]:
    return register.find_households(by=who, wanted=choice.wanted).filter(choice.condition)


def _blocks(who: UserActor, choice: Choice) -> Iterator[tuple[HouseholdRow, ...]]:
    return register.household_blocks(by=who, wanted=choice.wanted, condition=choice.condition)


def _about(who: UserActor, choice: Choice) -> Reading:
    """What both lists of a choice say of it."""
    wanted, behind, named = choice.wanted, choice.behind, choice.named
    filters = words_of(choice.form)
    if behind is not None:
        filters += [each for each in (behind.title, behind.group, *behind.filters) if each]
    if named is not None:
        filters.append(named.title)
    asked = {
        "poverty": sorted(wanted.poverty),
        "cause": wanted.cause,
        "year": wanted.year or register.latest_year(who, wanted.as_of),
        "as_of": wanted.as_of,
        "untold_since": wanted.untold_since,
        "sort": wanted.sort,
        "screened": _screened(choice),
        "analysis": {name: choice.form.data[name] for name in CELL if name in choice.form.data} if behind else None,
        "named": dict(named.address) if named else None,
    }
    division = choice.focus.division.code if choice.focus else wanted.division
    return Reading((), 0, lambda _personal: iter(()), division, filters, asked)


def _screened(choice: Choice) -> dict[str, object] | None:
    """What the list tells of screenings: the results it was narrowed to, else those in its column."""
    if choice.screening is None:
        return None
    asked = choice.form.cleaned_data
    narrowed = bool(asked.get("criterion") and asked.get("result"))
    return {
        "screenings": [str(each.pk) for each in choice.screening.screenings],
        "pack": choice.screening.newest.pack,
        "criterion": asked["criterion"] if narrowed else choice.screening.summary.criterion,
        "result": asked["result"] if narrowed else "",
    }


def _search(who: UserActor, given: QueryDict) -> Reading:
    """What a text found. The text is in the file no more than in the audit: it names somebody."""
    groups = search_groups(register.search(by=who, text=text(given, "text")))
    rows = [
        {
            "found_by": str(group.title),
            "name": line.name,
            "head": line.hit.head,
            "number": line.hit.number,
            "village": place_name(line.hit.village_name),
            "poverty": line.status,
        }
        for group in groups
        for line in group.lines
    ]
    return Reading(
        fields=_FOUND,
        total=len(rows),
        rows=lambda _personal: iter(rows),
        filters=[_("A text was searched for; it is not kept.")],
        asked={"searched": True},
    )


HOUSEHOLDS = LeavingList(gettext_lazy("Households"), Permission.REGISTER_VIEW, _households, personal=True)
PERSONS = LeavingList(gettext_lazy("Persons of the households"), Permission.REGISTER_VIEW, _persons, personal=True)
SEARCH = LeavingList(gettext_lazy("Search"), Permission.REGISTER_VIEW, _search, personal=True)
