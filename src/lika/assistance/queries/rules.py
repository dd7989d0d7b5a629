"""What the packs in force say of pairing in a place on a day. Where none speaks the strict way holds, or no bound."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from lika.assistance.choices import Rank
from lika.policy.queries.in_force import InForce, parameters_in_force

QUOTA = {rank: f"helper_households_{rank.value}" for rank in Rank}
PER_HOUSEHOLD = "helpers_per_household"
BY_COUNTY = "pairing_agreed_by_county"
AFTER_EXIT = "pairing_after_exit"


@dataclass(frozen=True)
class PairingRules:
    """The rules with their packs and clauses.

    `quotas`: households that a helper of a rank takes (none where no document gives the number). `per_household`: the
    most helpers of one household. Unless a pack says otherwise the county headquarters agrees to every change
    (000/1-1 §四(三)3), and pairing lasts after exit (002 §三(三)).
    """

    quotas: Mapping[Rank, InForce]
    per_household: InForce | None
    by_county: bool
    after_exit: bool

    @property
    def shown(self) -> list[tuple[Rank, InForce | None]]:
        """Every rank with its number, as the pages list them."""
        return [(rank, self.quotas.get(rank)) for rank in Rank]

    def quota(self, rank: str) -> int | None:
        """How many households a helper of a rank takes; None where no document says."""
        found = self.quotas.get(Rank(rank))
        return found.value if found is not None and isinstance(found.value, int) else None

    @property
    def most_helpers(self) -> int | None:
        """The most helpers of one household; None where no document bounds it."""
        found = self.per_household
        return found.value if found is not None and isinstance(found.value, int) else None


def rules_at(division: str, day: dt.date) -> PairingRules:
    """The rules in a whole division on a day. One query."""
    found = parameters_in_force([*QUOTA.values(), PER_HOUSEHOLD, BY_COUNTY, AFTER_EXIT], division=division, at=day)
    return PairingRules(
        quotas={rank: found[name] for rank, name in QUOTA.items() if name in found},
        per_household=found.get(PER_HOUSEHOLD),
        by_county=BY_COUNTY not in found or found[BY_COUNTY].value is not False,
        after_exit=AFTER_EXIT not in found or found[AFTER_EXIT].value is not False,
    )
