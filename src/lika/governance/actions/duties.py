"""Naming who holds a duty for a year, ending it, giving it to another, carrying a year's holders into the next."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lika.accounts.actions import name_person
from lika.accounts.models import Official
from lika.accounts.queries import without_open_post
from lika.core import audit
from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.errors import NotFound, UserError
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.models import Division
from lika.governance.duties import Duty, duty
from lika.governance.models import DutyTerm


@transaction.atomic
def appoint_duty(
    *, by: Actor, official: UUID, duty_id: str, division: str, begins_on: dt.date, reason: str = ""
) -> DutyTerm:
    """An official holds a duty from a day to the end of its year.

    Raises ACC-001, ACC-002, DIV-010, GOV-001 (no such duty at this level), GOV-002 (somebody holds it), GOV-003 (no
    such official), GOV-004 (the day lies in the term of another).
    """
    by.require(Permission.DUTIES_APPOINT, division=division)
    place = divisions.get(division)
    asked = _duty_at(duty_id, place)
    holder = Official.objects.filter(pk=official).first()
    if holder is None:
        raise NotFound(
            "GOV-003", _("There is no such official."), remedy=_("Choose one from the list."), field="official"
        )
    _refuse_rival(_locked(asked, place, begins_on.year), begins_on)
    return _begun(by, asked, place, holder, begins_on, reason)


@transaction.atomic
def appoint_by_name(
    *, by: Actor, name: str, organisation: str, duty_id: str, division: str, begins_on: dt.date, reason: str = ""
) -> DutyTerm:
    """The same for a person who has no post and no account: they become an official, who may get both later.

    Raises what `appoint_duty` raises, and ACC-027 (no name).
    """
    named = name_person(
        by=by, permission=Permission.DUTIES_APPOINT, division=division, name=name, organisation=organisation
    )
    return appoint_duty(
        by=by, official=named.pk, duty_id=duty_id, division=division, begins_on=begins_on, reason=reason
    )


@transaction.atomic
def end_duty(*, by: Actor, term: UUID, last_day: dt.date, reason: str) -> DutyTerm:
    """A term ends before its year does. Raises ACC-001, ACC-002, GOV-005 (no open term), GOV-006 (day), GOV-007."""
    found = _open_term(by, term)
    if not found.begins_on <= last_day <= dt.date(found.year, 12, 31):
        raise UserError(
            "GOV-006",
            _("The last day lies outside the term."),
            remedy=_("Choose a day from the first of the term to the end of its year."),
            field="last_day",
        )
    if not reason.strip():
        raise UserError(
            "GOV-007", _("The reason is missing."), remedy=_("Say in a few words why it ends."), field="reason"
        )
    found.ended_on = last_day
    found.save(update_fields=["ended_on"])
    _record(by, "duty.ended", found, reason.strip(), new={"to": last_day})
    return found


@transaction.atomic
def carry_over(*, by: Actor, division: str, year: int) -> Sequence[DutyTerm]:
    """Whoever held a duty at the end of the year before holds it from the first day of this one, in a whole area.

    Left out is what has a holder already, and who no longer holds any post. Raises ACC-001, ACC-002.
    """
    by.require(Permission.DUTIES_APPOINT, division=division)
    area, first = Area.of([division]).where("division__number"), dt.date(year, 1, 1)
    taken = set(DutyTerm.objects.filter(area, year=year).values_list("division_id", "duty"))
    before = DutyTerm.objects.filter(area, year=year - 1, ended_on=None).exclude(without_open_post(first))
    lasting = [term for term in before.select_related("division", "official") if _is_asked(term)]
    return [
        _begun(by, _duty_at(term.duty, term.division), term.division, term.official, first, "")
        for term in lasting
        if (term.division_id, term.duty) not in taken
    ]


def _is_asked(term: DutyTerm) -> bool:
    """Whether the table still asks for the duty; a village whose code ended has none."""
    asked = duty(term.duty)
    return asked is not None and term.division.valid_to is None


def _duty_at(duty_id: str, place: Division) -> Duty:
    found = duty(duty_id)
    if found is None or found.level != place.level:
        raise UserError(
            "GOV-001",
            _("No such duty is asked of this division."),
            remedy=_("Choose a duty from the page of duties."),
            division=place.code,
        )
    return found


def _locked(asked: Duty, place: Division, year: int) -> list[DutyTerm]:
    terms = DutyTerm.objects.select_for_update(of=("self",)).filter(duty=asked.id, division=place, year=year)
    return list(terms.order_by("begins_on"))


def _refuse_rival(terms: Sequence[DutyTerm], begins_on: dt.date) -> None:
    if any(term.ended_on is None for term in terms):
        raise _held()
    if any(term.ended_on is not None and term.ended_on >= begins_on for term in terms):
        raise UserError(
            "GOV-004",
            _("On this day somebody else still held the duty."),
            remedy=_("Choose a day after the last one of the holder before."),
            field="begins_on",
        )


def _held() -> UserError:
    return UserError(
        "GOV-002",
        _("Somebody holds this duty: it cannot have two holders at once."),
        remedy=_("End the term of the holder first, with the reason."),
        field="official",
    )


def _begun(by: Actor, asked: Duty, place: Division, holder: Official, begins_on: dt.date, reason: str) -> DutyTerm:
    try:
        with transaction.atomic():
            term = DutyTerm.objects.create(
                duty=asked.id,
                division=place,
                year=begins_on.year,
                official=holder,
                begins_on=begins_on,
                appointed_by=by.name,
            )
    except IntegrityError as error:  # another named somebody in the same moment
        raise _held() from error
    _record(by, "duty.given", term, reason, new={"official": holder.pk, "from": begins_on, "year": term.year})
    return term


def _open_term(by: Actor, term: UUID) -> DutyTerm:
    by.require(Permission.DUTIES_APPOINT)
    found = DutyTerm.objects.select_for_update(of=("self",)).filter(pk=term, ended_on=None).first()
    if found is None:
        raise NotFound("GOV-005", _("There is no such open term."), remedy=_("Look at the page of duties again."))
    by.require(Permission.DUTIES_APPOINT, division=found.division_id)
    return found


def _record(by: Actor, action: str, term: DutyTerm, reason: str, new: dict[str, object]) -> None:
    change = audit.Change(
        "duty", term.pk, county=int(term.division_id[:6]), label=f"{term.duty} {term.division_id}", new=new
    )
    audit.record(by=by, action=action, change=change, reason=reason)
