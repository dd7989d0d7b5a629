"""The audit chains in words, each with its last verification."""

from typing import Any

from django.utils.translation import gettext as _

from lika.accounts.queries import UserActor
from lika.console.names import place_name
from lika.core import sealing
from lika.divisions import queries as divisions


def chain_lines(who: UserActor) -> list[dict[str, Any]]:
    """The chains in sight, each with what it is of and its last verification. Raises ACC-001."""
    found = sealing.chains(by=who)
    names = divisions.by_codes(f"{chain.county:06}000000" for chain in found if chain.county)
    return [
        {"chain": chain, "name": _name(chain.county, names), "check": sealing.last_check(chain.county)}
        for chain in found
    ]


def _name(county: int, names: dict[str, Any]) -> str:
    if county == sealing.NATIONWIDE:
        return _("Accounts, policy packs, divisions")
    division = names.get(f"{county:06}000000")
    return place_name(division.name) if division else f"{county:06}"
