"""Who signs in which capacity: named by the office of the level or one above it, never by themselves."""

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lika.accounts.models import Official
from lika.casework.actions.sheets import keep_sheet
from lika.casework.choices import LEVELS, SignatureKind
from lika.casework.models import Signatory
from lika.casework.queries.signatories import ending_from
from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import NotFound, UserError
from lika.core.language import chosen
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.engine.amounts import date_words
from lika.policy.choices import CAPACITY_LEVELS, Capacity

LONGEST = 200  # characters of a document


@transaction.atomic
def name_signatory(
    *, by: Actor, official: UUID, capacity: Capacity, division: str, valid_from: dt.date, document: str,
    deputy_of: UUID | None = None, valid_to: dt.date | None = None, authorisation: bytes = b"",
) -> Signatory:  # fmt: skip
    """An official signs in a capacity for a division from a day on; a deputy by an authorisation, a file that is kept.

    Raises ACC-001, ACC-002, DIV-010, CAS-043 (no such official, or the actor), CAS-044 (no such capacity at this
    level), CAS-045 (somebody holds it), CAS-046 (days), CAS-047 (document), CAS-048 (no such holder to stand in for),
    DOC-001 … DOC-006.
    """
    by.require(Permission.SIGNATORIES_KEEP, division=division)
    place = divisions.get(division)
    asked = Capacity(capacity)
    if asked is Capacity.HOUSEHOLD or LEVELS[CAPACITY_LEVELS[asked]] != place.level:
        raise UserError(
            "CAS-044",
            _("Nobody is entered for this capacity at this place."),
            remedy=_("Choose a capacity of the place's level; a household signs for itself."),
            field="capacity",
        )
    named = Official.objects.filter(pk=official).first()
    if named is None or named.pk == by.official_id:
        raise NotFound(
            "CAS-043",
            _("There is no such official, or it is yourself."),
            remedy=_("Choose another; who signs is entered by somebody else."),
            field="official",
        )
    if not document.strip() or len(document.strip()) > LONGEST:
        raise UserError(
            "CAS-047",
            _("The document of the appointment is named, in not more than %(longest)s characters.")
            % {"longest": LONGEST},
            remedy=_("Write its title and number."),
            field="document",
        )
    if valid_to is not None and valid_to < valid_from:
        raise _days()
    for_whom = None if deputy_of is None else _holder(asked, place.code, deputy_of, named)
    sheet = None if for_whom is None else keep_sheet(by, place.number, SignatureKind.PAPER, authorisation)
    if for_whom is None:
        _refuse_rival(asked, place.code, valid_from, valid_to)
    try:
        with transaction.atomic():
            made = Signatory.objects.create(
                official=named, capacity=asked, division=place, number=place.number, valid_from=valid_from,
                valid_to=valid_to, document=document.strip(), deputy_of=for_whom, authorisation=sheet,
                entered_by=by.name,
            )  # fmt: skip
    except IntegrityError as error:  # another named somebody in the same moment
        raise _held() from error
    told = {"official": named.pk, "from": valid_from, "to": valid_to, "deputy_of": deputy_of}
    _record(by, made, "signatory.named", told)
    return made


@transaction.atomic
def end_signatory(*, by: Actor, signatory: UUID, last_day: dt.date) -> Signatory:
    """Somebody signs until a day, no later than was entered before; what they signed stays.

    Raises ACC-001, ACC-002, CAS-046, CAS-049 (none), CAS-153 (over by then already).
    """
    by.require(Permission.SIGNATORIES_KEEP)
    found = Signatory.objects.select_for_update().filter(pk=signatory).first()
    if found is None:
        raise NotFound("CAS-049", _("There is no such signatory."), remedy=_("Look at the list of signatories again."))
    by.require(Permission.SIGNATORIES_KEEP, division=found.division_id)
    if last_day < found.valid_from:
        raise _days()
    if found.valid_to is not None and last_day >= found.valid_to:
        raise UserError(
            "CAS-153",
            _("They sign only until %(day)s anyhow.") % {"day": chosen(*date_words(found.valid_to))},
            remedy=_("Choose an earlier day; who signs on after that day is entered anew, with the document."),
            field="last_day",
        )
    old, found.valid_to = found.valid_to, last_day
    found.save(update_fields=["valid_to"])
    _record(by, found, "signatory.ended", {"to": last_day}, old={"to": old})
    return found


def _holder(capacity: Capacity, division: str, holder: UUID, deputy: Official) -> Signatory:
    found = Signatory.objects.filter(pk=holder, capacity=capacity, division=division, deputy_of=None).first()
    if found is None or found.official_id == deputy.pk:
        raise UserError(
            "CAS-048",
            _("A deputy stands in for somebody else who holds the capacity."),
            remedy=_("Enter first who holds it."),
            field="deputy_of",
        )
    return found


def _refuse_rival(capacity: Capacity, division: str, first: dt.date, last: dt.date | None) -> None:
    rivals = Signatory.objects.filter(ending_from(first), capacity=capacity, division=division, deputy_of=None)
    if last is not None:
        rivals = rivals.filter(valid_from__lte=last)
    if rivals.exists():
        raise _held()


def _held() -> UserError:
    return UserError(
        "CAS-045",
        _("Somebody holds this capacity already."),
        remedy=_("Enter the last day of who held it before."),
        field="capacity",
    )


def _days() -> UserError:
    return UserError(
        "CAS-046",
        _("The last day lies before the first."),
        remedy=_("Choose a later day."),
        field="valid_to",
    )


def _record(
    by: Actor, signatory: Signatory, action: str, new: dict[str, object], old: dict[str, object] | None = None
) -> None:
    label = f"{signatory.capacity} {signatory.division_id}"
    change = audit.Change("signatory", signatory.pk, audit.chain_of(signatory.division_id), label, old=old, new=new)
    audit.record(by=by, action=action, change=change)
