"""What criteria may ask about persons, households, villages and counties (DESIGN §6)."""

from lika.core import facts as registry
from lika.register.choices import CODE_LISTS
from lika.register.facts import areas, households, persons


def declare_all() -> None:
    """Fill the registry; called once, when the app is ready."""
    registry.declare_code_lists(CODE_LISTS)
    for provider in (*persons.PROVIDERS, *households.PROVIDERS, *areas.PROVIDERS):
        registry.declare(provider)
    registry.declare_formulas("person", persons.FORMULAS)
    registry.declare_formulas("household", households.FORMULAS)
    for unit, facts in areas.FORMULAS.items():
        registry.declare_formulas(unit, facts)
