"""The workbook, declared once: the template, the reader, the checks and the marking all follow it."""

from lika.collection.schema.columns import TEXT_KINDS, Column, Kind, Sheet, plain
from lika.collection.schema.items import column_of, sheets_asked, sheets_read, sheets_with
from lika.collection.schema.sheets import (
    CODES_SHEET,
    COUNTY_YEARS,
    FAULTS_SHEET,
    HOUSEHOLD_YEARS,
    HOUSEHOLDS,
    IGNORED_SHEETS,
    NOTES_SHEET,
    PERSONS,
    SHEETS,
    SHEETS_BY_KEY,
    VILLAGE_YEARS,
)

__all__ = [
    "CODES_SHEET",
    "COUNTY_YEARS",
    "FAULTS_SHEET",
    "HOUSEHOLDS",
    "HOUSEHOLD_YEARS",
    "IGNORED_SHEETS",
    "NOTES_SHEET",
    "PERSONS",
    "SHEETS",
    "SHEETS_BY_KEY",
    "TEXT_KINDS",
    "VILLAGE_YEARS",
    "Column",
    "Kind",
    "Sheet",
    "column_of",
    "plain",
    "sheets_asked",
    "sheets_read",
    "sheets_with",
]
