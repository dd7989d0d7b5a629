"""Short ways to ask the analysis page in tests, and to read what it answers. 演示数据"""

from django.test import Client

from lika.reports.formats import shown
from lika.reports.queries.tables import Table

PAGE = "/analysis/"


def table(client: Client, query: str) -> Table:
    """The table of an address."""
    response = client.get(f"{PAGE}?{query}")
    assert (response.status_code, response.context.get("error")) == (200, None)
    return response.context["table"]


def rows(found: Table) -> dict[str, dict[str, object]]:
    """The values by heading of row and column."""
    return {
        line.heading.label: {heading.label: cell.value for heading, cell in zip(found.columns, line.cells, strict=True)}
        for line in found.lines
    }


def totals(client: Client, query: str) -> dict[str, object]:
    """The total column by heading of row."""
    return {label: line["合计"] for label, line in rows(table(client, query)).items()}


def texts(client: Client, query: str) -> dict[str, str]:
    """The total column as it is shown."""
    found = table(client, query)
    return {line.heading.label: shown(found, line.cells[-1].value) for line in found.lines}
