"""Households: enter one, change its base record."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.divisions.models import Division
from lika.register.actions.common import change_of, locked_household, text_refused, village_of
from lika.register.choices import lists
from lika.register.facts.households import BASE
from lika.register.identity import account_index, phone_index
from lika.register.models import Household, Placement
from lika.register.values import checked

_BASE_FIELDS = frozenset(fact.name for fact in BASE)
_CODES = frozenset({"kind", "standard", "attribute"})
# Longest text of the fields that are no facts.
# What follows from other columns, and stands beside them to be searched by.
INDEXES = frozenset({"bank_account_index", "phone_index"})
_TEXTS = {"address": 200, "phone": 20, "bank_name": 60, "bank_account": 30, "position": 40, "coordinate_system": 10}
NUMBER_LENGTH = 30
_PLAIN = frozenset({"bank_name", "coordinate_system"})
_PATTERNS = {
    "phone": re.compile(r"[0-9+\- ]*"),
    "bank_account": re.compile(r"[0-9 ]*"),
    "position": re.compile(r"(-?\d{1,3}(\.\d+)?,-?\d{1,2}(\.\d+)?)?"),
    "coordinate_system": re.compile("|".join(["", *(item.code for item in lists.COORDINATES.items)])),
}


@transaction.atomic
def add_household(
    *,
    by: Actor,
    number: str,
    village: str,
    values: Mapping[str, Any],
    started_on: dt.date | None = None,
    natural_village: str | None = None,
) -> Household:
    """Enter a household that stands in a village since a day (None: since before the record).

    `values`: the base fields (`kind`, `standard`, `attribute`, `identified_year`, `planned_exit_year`, `address`,
    `phone`, `bank_name`, `bank_account`, `position`, `coordinate_system`). It begins without poverty status.
    Raises ACC-001, ACC-002, REG-010, REG-016, REG-017 (number), REG-018 (natural village), REG-019 (text).
    """
    by.require(Permission.REGISTER_CHANGE)
    stands = village_of(village)
    by.require(Permission.REGISTER_CHANGE, village=stands.number)
    fields = base_fields({"kind": "", **values})
    household = _created(number.strip(), stands, fields)
    Placement.objects.create(
        household=household,
        division=stands,
        natural_village=natural_village_in(natural_village, stands),
        village=stands.number,
        started_on=started_on,
    )
    new = {**fields, "village": stands.number, "started_on": started_on, "natural_village": natural_village}
    audit.record(by=by, action="household.added", change=change_of(household, new=_readable(new)))
    return household


@transaction.atomic
def change_household(*, by: Actor, household: UUID, values: Mapping[str, Any], reason: str = "") -> Household:
    """Change base fields (see `add_household`); what stays the same is no change and leaves no audit row.

    Raises ACC-001, ACC-002, REG-001, REG-010, REG-019.
    """
    record = locked_household(by, Permission.REGISTER_CHANGE, household)
    new = {name: value for name, value in base_fields(values).items() if getattr(record, name) != value}
    if not new:
        return record
    old = {name: getattr(record, name) for name in new}
    for name, value in new.items():
        setattr(record, name, value)
    record.save(update_fields=sorted(new))
    change = change_of(record, old=_readable(old), new=_readable(new))
    audit.record(by=by, action="household.changed", change=change, reason=reason)
    return record


def _created(number: str, village: Division, fields: Mapping[str, Any]) -> Household:
    if len(number) > NUMBER_LENGTH:
        raise text_refused("户编号", NUMBER_LENGTH)
    same = Household.objects.filter(number=number)
    if not number or same.exists():
        raise number_taken()
    try:
        with transaction.atomic():
            return Household.objects.create(number=number, village=village.number, **fields)
    except IntegrityError as error:
        if not same.exists():
            raise
        raise number_taken() from error  # somebody else entered it at the same time


def number_taken() -> UserError:
    """REG-017: household numbers are given once."""
    return UserError(
        "REG-017",
        _("The household number is empty or belongs to another household."),
        remedy=_("Look the household up first; else choose another number."),
        field="户编号",
    )


def base_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns behind some values of a household's base record (see `add_household`), checked.

    Raises REG-010, REG-019.
    """
    coded = {name: value for name, value in values.items() if name not in _TEXTS}
    facts = checked("household", coded, _BASE_FIELDS, required={"kind"} & coded.keys())
    texts = {name: _text(name, values[name]) for name in _TEXTS if name in values}
    fields: dict[str, Any] = {name: "" if value is None and name in _CODES else value for name, value in facts.items()}
    if "bank_account" in texts:
        fields["bank_account_index"] = account_index(texts["bank_account"]) if texts["bank_account"] else None
    if "phone" in texts:
        fields["phone_index"] = phone_index(texts["phone"]) if texts["phone"] else None
    return {**fields, **texts}


def _text(name: str, value: Any) -> str:
    text = "" if value is None else str(value).strip()
    pattern = _PATTERNS.get(name)
    if len(text) > _TEXTS[name] or (pattern is not None and not pattern.fullmatch(text)):
        raise text_refused(name, _TEXTS[name])
    return text


def natural_village_in(code: str | None, village: Division) -> Division | None:
    """The natural village of a code. Raises REG-018 where the village has none of it."""
    if code is None:
        return None
    found = Division.objects.filter(pk=code, parent=village, valid_to=None).first()
    if found is None:
        raise UserError(
            "REG-018",
            _("There is no natural village with this code in the village."),
            remedy=_("Choose one of the village's natural villages."),
            division=code,
        )
    return found


def _readable(values: Mapping[str, Any]) -> dict[str, Any]:
    """For the audit: an index says no more than the value beside it."""
    return {name: value for name, value in values.items() if name not in INDEXES}
