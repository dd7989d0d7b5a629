"""Tables of the register (DESIGN §5)."""

from lika.register.models.households import Household, Membership, Person, Placement
from lika.register.models.status import AreaStatus, StatusEvent
from lika.register.models.years import CountyYear, HouseholdYear, PersonYear, VillageYear

__all__ = [
    "AreaStatus",
    "CountyYear",
    "Household",
    "HouseholdYear",
    "Membership",
    "Person",
    "PersonYear",
    "Placement",
    "StatusEvent",
    "VillageYear",
]
