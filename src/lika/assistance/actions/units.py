"""Helping units and the helpers that they name. Nothing is deleted: what is over has a last day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts import actions as accounts
from lika.accounts.choices import Role
from lika.accounts.models import Official
from lika.accounts.queries import posts_held
from lika.assistance.choices import PROPOSALS_OPEN, Affiliation, Rank
from lika.assistance.models import HelpedVillage, Helper, HelpingUnit, ProposalLine
from lika.assistance.queries.units import helper_in_sight, officials_to_name, unit_in_sight
from lika.core import audit
from lika.core.actors import Actor, Executor
from lika.core.areas import Area
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level

LONGEST = {"name": 120, "contact": 80, "title": 60, "phone": 20, "person": 80}


@transaction.atomic
def add_unit(
    *,
    by: Actor,
    name: str,
    affiliation: Affiliation,
    division: str,
    contact: str = "",
    villages: Sequence[str] = (),
) -> HelpingUnit:
    """A unit that helps in a county or township, and the villages that it is answerable for.

    Raises ACC-001, ACC-002, DIV-010, ASN-010 (no county or township), ASN-011 (no name, or too long), ASN-012 (there
    is one of this name), ASN-013 (a village elsewhere).
    """
    by.require(Permission.HELPERS_KEEP, division=division)
    place = divisions.get(division)
    if place.level not in (Level.COUNTY, Level.TOWNSHIP):
        raise UserError(
            "ASN-010",
            _("A helping unit is kept by a county or a township."),
            remedy=_("Choose a county or a township."),
            field="division",
        )
    unit = HelpingUnit(
        name=_text("name", name, needed=True),
        affiliation=Affiliation(affiliation),
        division=place,
        contact=_text("contact", contact),
        added_by=by.name,
    )
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError as error:
        raise UserError(
            "ASN-012", _("There is a unit of this name already."), remedy=_("Take that one."), field="name"
        ) from error
    _record(by, "unit.added", unit, new={"name": unit.name, "affiliation": unit.affiliation, "contact": unit.contact})
    _set_villages(by, unit, villages)
    return unit


@transaction.atomic
def set_villages(*, by: Actor, unit: UUID, villages: Sequence[str]) -> HelpingUnit:
    """The villages that a unit is answerable for, all of them. Raises ACC-001, ACC-002, ASN-001, ASN-013."""
    found = _kept(by, unit)
    _set_villages(by, found, villages)
    return found


@transaction.atomic
def end_unit(*, by: Actor, unit: UUID) -> HelpingUnit:
    """A unit helps no more from tomorrow. Raises ACC-001, ACC-002, ASN-001, ASN-014 (it has helpers still)."""
    found = _kept(by, unit)
    if found.helpers.filter(ended_on=None).exists():
        raise UserError(
            "ASN-014",
            _("The unit has helpers still."),
            remedy=_("Hand over their households and end them first."),
        )
    found.ended_on = timezone.localdate()
    found.save(update_fields=["ended_on"])
    _record(by, "unit.ended", found, new={"to": found.ended_on})
    return found


@dataclass(frozen=True)
class Named:
    """Whom a unit names: somebody who has a post here (`official`), or a person by name."""

    rank: Rank
    official: UUID | None = None
    name: str = ""
    title: str = ""
    phone: str = ""
    party_member: bool | None = None


@transaction.atomic
def add_helper(*, by: Actor, unit: UUID, named: Named) -> Helper:
    """A helper from today on. They get the post of a helper: with an account they see what is paired with them.

    Raises ACC-001, ACC-002, ACC-003 (oneself), ASN-001, ASN-011, ASN-015 (nobody such, or a helper already), ASN-016
    (the unit helps no more).
    """
    found = _kept(by, unit)
    if found.ended_on is not None:
        raise UserError("ASN-016", _("The unit helps no more."), remedy=_("Choose another unit."), field="unit")
    today = timezone.localdate()
    official = _official(by, found, named, today)
    helper = Helper.objects.create(
        official=official,
        unit=found,
        rank=Rank(named.rank),
        title=_text("title", named.title),
        party_member=named.party_member,
        phone=_text("phone", named.phone),
        began_on=today,
    )
    lasting = (post for post in posts_held(official, today) if post.valid_to is None or post.valid_to > today)
    if all(post.role != Role.HELPER for post in lasting):
        accounts.give_post(
            by=_as_keeper(by, found), official=official, role=Role.HELPER, division=found.division_id,
            valid_from=today, title=helper.title,
        )  # fmt: skip
    _record_helper(by, "helper.named", helper, new={"unit": found.pk, "rank": helper.rank, "from": today})
    return helper


@transaction.atomic
def end_helper(*, by: Actor, helper: UUID) -> Helper:
    """A helper helps no more from tomorrow; their posts as a helper end with them.

    Raises ACC-001, ACC-002, ACC-003, ASN-002, ASN-017 (households are paired with them, or about to be).
    """
    found = helper_in_sight(by, helper, Permission.HELPERS_KEEP)
    by.require(Permission.HELPERS_KEEP, division=found.unit.division_id)
    found = Helper.objects.select_for_update(of=("self",)).select_related("official", "unit").get(pk=found.pk)
    coming = ProposalLine.objects.filter(helper=found, proposal__state__in=PROPOSALS_OPEN)
    if found.pairings.filter(ended_on=None).exists() or coming.exists():
        raise UserError(
            "ASN-017",
            _("Households are paired with this helper, or about to be."),
            remedy=_("Propose other helpers for them; when that is agreed, end this one."),
        )
    today = timezone.localdate()
    for post in posts_held(found.official, today):
        if post.role == Role.HELPER and post.division_id == found.unit.division_id:
            accounts.end_post(by=_as_keeper(by, found.unit), post=post, last_day=max(today, post.valid_from))
    found.ended_on = max(today, found.began_on)
    found.save(update_fields=["ended_on"])
    _record_helper(by, "helper.ended", found, new={"to": found.ended_on})
    return found


def _official(by: Actor, unit: HelpingUnit, named: Named, today: dt.date) -> Official:
    if named.official is None:
        name = _text("person", named.name, needed=True, field="name")
        return accounts.name_person(
            by=by, permission=Permission.HELPERS_KEEP, division=unit.division_id, name=name, organisation=unit.name
        )
    found = officials_to_name(unit, today).filter(pk=named.official).first()
    if found is None:
        raise UserError(
            "ASN-015",
            _("This person has no post here, or is a helper already."),
            remedy=_("Choose one from the list, or enter a name."),
            field="official",
        )
    return found


def _kept(by: Actor, unit: UUID) -> HelpingUnit:
    found = unit_in_sight(by, unit, Permission.HELPERS_KEEP)
    by.require(Permission.HELPERS_KEEP, division=found.division_id)
    return found


def _as_keeper(by: Actor, unit: HelpingUnit) -> Executor:
    """Naming a helper is what gives the post of one: nothing else of accounts comes with it."""
    return Executor(by, [Permission.ACCOUNTS_MANAGE], Area.of([unit.division_id]))


def _set_villages(by: Actor, unit: HelpingUnit, villages: Sequence[str]) -> None:
    here = Area.of([unit.division_id])
    wanted = {divisions.get(code).number: divisions.get(code) for code in villages}
    if any(each.level != Level.VILLAGE or each.number not in here for each in wanted.values()):
        raise UserError(
            "ASN-013",
            _("A unit is answerable for villages where it is kept."),
            remedy=_("Choose villages of the same county or township."),
            field="villages",
        )
    before = set(unit.villages.values_list("village", flat=True))
    HelpedVillage.objects.filter(unit=unit, village__in=before - wanted.keys()).delete()
    HelpedVillage.objects.bulk_create(
        HelpedVillage(unit=unit, village=number, added_by=by.name) for number in sorted(wanted.keys() - before)
    )
    if before != wanted.keys():
        _record(by, "unit.villages", unit, old={"villages": sorted(before)}, new={"villages": sorted(wanted)})


def _text(kind: str, given: str, *, needed: bool = False, field: str = "") -> str:
    text = given.strip()
    if len(text) > LONGEST[kind] or (needed and not text):
        raise UserError(
            "ASN-011",
            _("Something has to be written here, and not more than %(longest)s characters.")
            % {"longest": LONGEST[kind]},
            remedy=_("Enter it as the form shows."),
            field=field or kind,
        )
    return text


def _record(
    by: Actor, action: str, unit: HelpingUnit, *, new: dict[str, object], old: dict[str, object] | None = None
) -> None:
    chain = audit.chain_of(unit.division_id)
    audit.record(by=by, action=action, change=audit.Change("unit", unit.pk, county=chain, old=old, new=new))


def _record_helper(by: Actor, action: str, helper: Helper, *, new: dict[str, object]) -> None:
    chain = audit.chain_of(helper.unit.division_id)
    audit.record(by=by, action=action, change=audit.Change("helper", helper.pk, county=chain, new=new))
