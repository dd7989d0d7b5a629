"""Levels of administrative divisions and how a code is built at each."""

from django.db.models import IntegerChoices
from django.utils.translation import gettext_lazy as _


class Level(IntegerChoices):
    """The administrative level; a code's trailing zeros tell it."""

    PROVINCE = 1, _("Province")
    PREFECTURE = 2, _("Prefecture")
    COUNTY = 3, _("County")
    TOWNSHIP = 4, _("Township")
    VILLAGE = 5, _("Village")
    NATURAL_VILLAGE = 6, _("Natural village")


# Above all divisions: the level of the country, which is none of them (`docs/adr/the-country.md`).
COUNTRY_LEVEL = 0

# What a code of each level looks like. A natural village is its village's code, a hyphen and a number of its own.
CODE_PATTERNS = {
    Level.PROVINCE: r"^[1-9]\d0{10}$",
    Level.PREFECTURE: r"^[1-9]\d(?!00)\d{2}0{8}$",
    Level.COUNTY: r"^[1-9]\d{3}(?!00)\d{2}0{6}$",
    Level.TOWNSHIP: r"^[1-9]\d{5}(?!000)\d{3}0{3}$",
    Level.VILLAGE: r"^[1-9]\d{8}(?!000)\d{3}$",
    Level.NATURAL_VILLAGE: r"^[1-9]\d{8}(?!000)\d{3}-(?!000)\d{3}$",
}

# How many leading characters of its code name a division's parent; zeros fill up the rest.
PARENT_DIGITS = {
    Level.PREFECTURE: 2,
    Level.COUNTY: 4,
    Level.TOWNSHIP: 6,
    Level.VILLAGE: 9,
    Level.NATURAL_VILLAGE: 12,
}

# Prefectures of the statistical codes that stand for no authority: headings over a municipality's districts and over
# counties that a province governs directly. A label for people leaves them out.
HEADINGS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
