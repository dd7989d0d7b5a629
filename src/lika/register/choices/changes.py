"""Changes of the register: their kinds and the states they pass through. What each kind asks for, packs say."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ChangeKind(TextChoices):
    """What is changed (DOMAIN §3.10: 成员增减, 分户并户; 户主变更; the rest is ours)."""

    JOIN = "join", _("Member joins")
    LEAVE = "leave", _("Member leaves")
    AWAY = "away", _("Member away, stays a member")
    CORRECT = "correct", _("Correction of data")
    YEAR = "year", _("Correction of a locked year")
    HEAD = "head", _("New head")
    SPLIT = "split", _("Household splits")
    MERGE = "merge", _("Households merge")
    MOVE = "move", _("Household moves")
    UNDO = "undo", _("Change undone")


class ChangeState(TextChoices):
    """A change is proposed, checked where its kind asks for it, and then applied; or it is refused on the way."""

    PROPOSED = "proposed", _("Waits for the check")
    CHECKED = "checked", _("Waits for the other village")
    APPLIED = "applied", _("In force")
    REFUSED = "refused", _("Sent back")


class Subject(TextChoices):
    """Which row of the register a line of a change is about."""

    HOUSEHOLD = "household", _("Household")
    PLACEMENT = "placement", _("Residence")
    PERSON = "person", _("Person")
    MEMBERSHIP = "membership", _("Membership")
    STATUS = "status", _("Status")
    HOUSEHOLD_YEAR = "household_year", _("Household year")
    PERSON_YEAR = "person_year", _("Person year")
    VILLAGE_YEAR = "village_year", _("Village year")
    COUNTY_YEAR = "county_year", _("County year")


OPEN_STATES = frozenset({ChangeState.PROPOSED, ChangeState.CHECKED})
