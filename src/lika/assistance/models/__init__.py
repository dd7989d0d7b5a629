"""Tables of the help that households get."""

from lika.assistance.models.pairing import HelpedVillage, Helper, HelpingUnit, Pairing
from lika.assistance.models.proposals import Proposal, ProposalLine, ProposalStep

__all__ = ["HelpedVillage", "Helper", "HelpingUnit", "Pairing", "Proposal", "ProposalLine", "ProposalStep"]
