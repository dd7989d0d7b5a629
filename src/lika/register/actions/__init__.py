"""Named writes of the register: one household, member, year or status at a time; many at once in `bulk`."""

from lika.register.actions.collecting import close_year, confirm_years, lock_years, open_year
from lika.register.actions.grants import grant_sight
from lika.register.actions.households import add_household, change_household
from lika.register.actions.members import NewPerson, add_member, change_member, end_membership
from lika.register.actions.reveal import HouseholdSecret, PersonSecret, reveal_household, reveal_person
from lika.register.actions.status import (
    Decision,
    StatusMove,
    hold_area_status,
    hold_household_statuses,
    record_area_status,
    record_household_status,
    record_household_statuses,
)
from lika.register.actions.years import (
    Period,
    confirm_year,
    lock_year,
    record_county_year,
    record_household_year,
    record_person_year,
    record_village_year,
    record_whole_year,
)

__all__ = [
    "Decision",
    "HouseholdSecret",
    "NewPerson",
    "Period",
    "PersonSecret",
    "StatusMove",
    "add_household",
    "add_member",
    "change_household",
    "change_member",
    "close_year",
    "confirm_year",
    "confirm_years",
    "end_membership",
    "grant_sight",
    "hold_area_status",
    "hold_household_statuses",
    "lock_year",
    "lock_years",
    "open_year",
    "record_area_status",
    "record_county_year",
    "record_household_status",
    "record_household_statuses",
    "record_household_year",
    "record_person_year",
    "record_village_year",
    "record_whole_year",
    "reveal_household",
    "reveal_person",
]
