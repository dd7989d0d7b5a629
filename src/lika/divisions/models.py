"""Administrative areas with validity, down to the natural village."""

import datetime as dt
from typing import NamedTuple

from django.db import models
from django.db.models.functions import Cast, Left, RPad
from django.utils.translation import gettext_lazy as _

from lika.core.areas import CODE_LENGTH, range_of
from lika.core.privacy import Privacy
from lika.divisions.choices import CODE_PATTERNS, HEADINGS, PARENT_DIGITS, Level


class AreaRange(NamedTuple):
    """The closed range of village numbers that lie in a division."""

    low: int
    high: int


def _any(conditions: list[models.Q]) -> models.Q:
    joined = models.Q()
    for condition in conditions:
        joined |= condition
    return joined


class Division(models.Model):
    """An administrative division as the official codes name it.

    Valid from the day `valid_from` up to, but not on, the day `valid_to`; an empty date is no limit. A code that
    ended names its one successor in `successor_code`; where it was split, `DivisionChange` names them all.
    """

    code = models.CharField(
        max_length=16,
        primary_key=True,
        db_collation="C",
        help_text="12 digits; a natural village: 12 digits, -, 3 digits.",
    )
    number = models.BigIntegerField(db_index=True, help_text="The 12 digits as a number, so that an area is a range.")
    level = models.PositiveSmallIntegerField(choices=Level)
    name = models.CharField(max_length=80)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children", db_index=False)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True, help_text="The first day on which it is no longer valid.")
    successor_code = models.CharField(max_length=16, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    position_invented = models.BooleanField(default=False, help_text="The position is for demonstration (示意).")

    class Meta:
        verbose_name = _("division")
        ordering = ["code"]
        indexes = [models.Index(fields=["parent"], name="division_parent")]
        constraints = [
            models.CheckConstraint(
                name="division_level_fits_code",
                # The level first: it is compared a hundred times faster than the pattern.
                condition=_any(
                    [models.Q(level=level) & models.Q(code__regex=pattern) for level, pattern in CODE_PATTERNS.items()]
                ),
                violation_error_message=_("The code does not fit the level."),
            ),
            models.CheckConstraint(
                name="division_number_is_code",
                condition=models.Q(number=Cast(Left("code", CODE_LENGTH), models.BigIntegerField())),
            ),
            # With the parent written in the code, every division is one range of village numbers.
            models.CheckConstraint(
                name="division_parent_fits_code",
                condition=_any(
                    [models.Q(level=Level.PROVINCE, parent__isnull=True)]
                    + [
                        models.Q(
                            level=level,
                            parent__isnull=False,  # a check that comes to NULL would pass
                            parent=RPad(Left("code", digits), CODE_LENGTH, models.Value("0")),
                        )
                        for level, digits in PARENT_DIGITS.items()
                    ]
                ),
                violation_error_message=_("The parent is not the one that the code names."),
            ),
            models.CheckConstraint(
                name="division_validity",
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_from__lt=models.F("valid_to")),
                violation_error_message=_("The validity ends before it begins."),
            ),
            models.CheckConstraint(
                name="division_successor_after_end",
                condition=models.Q(successor_code="") | models.Q(valid_to__isnull=False),
            ),
            models.CheckConstraint(
                name="division_position",
                condition=models.Q(longitude__isnull=True, latitude__isnull=True, position_invented=False)
                | models.Q(
                    longitude__isnull=False,
                    latitude__isnull=False,
                    longitude__range=(-180, 180),
                    latitude__range=(-90, 90),
                ),
            ),
        ]

    privacy = dict.fromkeys(
        (
            "code",
            "number",
            "level",
            "name",
            "parent",
            "valid_from",
            "valid_to",
            "successor_code",
            "longitude",
            "latitude",
            "position_invented",
        ),
        Privacy.PUBLIC,
    )

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    def area_range(self) -> AreaRange:
        """The village numbers inside: 62 is 620000000000 … 629999999999; a village, natural or not, is one number."""
        return AreaRange(*range_of(self.code[:CODE_LENGTH]))

    def valid_on(self, day: dt.date) -> bool:
        """Whether the division exists on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)

    @property
    def is_heading(self) -> bool:
        """Whether the statistical codes only use it to group others (市辖区, 省直辖县级行政区划)."""
        return self.level == Level.PREFECTURE and self.name in HEADINGS


class DivisionChange(models.Model):
    """One code followed by another, with the document that says so; a split has a row for each successor."""

    predecessor = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", db_index=False)
    successor = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(help_text="The first day of the successor.")
    source = models.CharField(max_length=300)

    class Meta:
        verbose_name = _("division change")
        ordering = ["on", "predecessor", "successor"]
        constraints = [models.UniqueConstraint(fields=["predecessor", "successor"], name="division_change_once")]

    privacy = dict.fromkeys(("id", "predecessor", "successor", "on", "source"), Privacy.PUBLIC)
