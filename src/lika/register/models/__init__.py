"""Tables of the register (DESIGN §5)."""

from lika.register.models.changes import Change, ChangeField
from lika.register.models.collecting import OpenYear
from lika.register.models.counts import StatusCount, TurnCount
from lika.register.models.documents import Document
from lika.register.models.households import Household, Membership, Person, Placement
from lika.register.models.items import ITEM_TABLES, CountyItem, HouseholdItem, PersonItem, VillageItem
from lika.register.models.ledger import IncomeEntry, LedgerChoice
from lika.register.models.status import AreaStatus, StatusEvent
from lika.register.models.years import CountyYear, HouseholdYear, PersonYear, VillageYear

__all__ = [
    "ITEM_TABLES",
    "AreaStatus",
    "Change",
    "ChangeField",
    "CountyItem",
    "CountyYear",
    "Document",
    "Household",
    "HouseholdItem",
    "HouseholdYear",
    "IncomeEntry",
    "LedgerChoice",
    "Membership",
    "OpenYear",
    "Person",
    "PersonItem",
    "PersonYear",
    "Placement",
    "StatusCount",
    "StatusEvent",
    "TurnCount",
    "VillageItem",
    "VillageYear",
]
