"""Code lists and states of pairing."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from lika.register.choices import PovertyStatus


class Affiliation(TextChoices):
    """CL-AFFIL 单位隶属关系 (F C1)."""

    CENTRAL = "01", _("Central")
    PROVINCE = "02", _("Province or region")
    PREFECTURE = "03", _("City or prefecture")
    COUNTY = "04", _("County")
    TOWNSHIP = "05", _("Township")
    ARMY = "06", _("Army")
    OTHER = "07", _("Other affiliation")


class Rank(TextChoices):
    """The rank by which a pack may say how many households a helper takes (432原则, 000/1-1 §四(三)3).

    What the three numbers of the rule belong to is not in the text; these are the ranks that a number may be given for.
    """

    DIVISION = "division", _("Division rank and above")
    SECTION = "section", _("Section rank")
    STAFF = "staff", _("Staff member")
    OTHER = "other", _("Manager of an enterprise, party member, other")


class ProposalState(TextChoices):
    """How far a proposal is: a change takes effect when it is agreed, not before (000/1-1 §四(三)3)."""

    PROPOSED = "proposed", _("Waits for the township")
    PASSED = "passed", _("Waits for the county headquarters")
    AGREED = "agreed", _("Agreed and in effect")
    RETURNED = "returned", _("Sent back")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ProposalVerb(TextChoices):
    """A step of a proposal."""

    PROPOSE = "propose", _("Put forward")
    PASS = "pass", _("Passed by the township")
    AGREE = "agree", _("Agreed")
    RETURN = "return", _("Sent back")
    WITHDRAW = "withdraw", _("Withdrawn")


# Where each step begins.
PROPOSAL_MOVES: dict[ProposalVerb, frozenset[ProposalState]] = {
    ProposalVerb.PASS: frozenset({ProposalState.PROPOSED}),
    ProposalVerb.AGREE: frozenset({ProposalState.PASSED}),
    ProposalVerb.RETURN: frozenset({ProposalState.PROPOSED, ProposalState.PASSED}),
    ProposalVerb.WITHDRAW: frozenset({ProposalState.PROPOSED, ProposalState.PASSED}),
}
PROPOSALS_OPEN = frozenset({ProposalState.PROPOSED, ProposalState.PASSED})

# Whom help is for: registered households, poor or exited (结对关系脱贫后保留, 002 §三(三)). Removed ones are not.
HELPED = frozenset(
    {
        PovertyStatus.IDENTIFIED,
        PovertyStatus.POOR,
        PovertyStatus.PLANNED,
        PovertyStatus.EXITED,
        PovertyStatus.RETURNED,
    }
)
