"""Values of a table as people write them."""

from decimal import Decimal

from lika.reports.queries.tables import Table

NOTHING = "—"


def shown(table: Table, value: int | Decimal | None) -> str:
    """A value with separators, its places or the percent sign; nothing as —."""
    if value is None:
        return NOTHING
    if table.is_share:
        return f"{value * 100:.1f}%"
    return f"{value:,.{table.places}f}" if isinstance(value, Decimal) else f"{value:,}"
