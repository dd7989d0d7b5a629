"""A workbook through the door: what the register says afterwards."""

from lika.collection.choices import BatchState
from tests.collection import workbooks
from tests.collection.conftest import Import


def test_clean_workbook_is_published(import_rows: Import) -> None:
    report = import_rows(workbooks.clean())
    assert report.findings == ()
    assert report.state == BatchState.PUBLISHED
    assert report.counts == {
        "households": {"new": 2},
        "persons": {"new": 4},
        "household_years": {"new": 2},
        "village_years": {"new": 1},
        "county_years": {"new": 1},
    }
