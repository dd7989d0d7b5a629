"""What one jurisdiction alone collects (`items.yaml` of its pack), one typed table per unit.

A value belongs to a yearly row and shares its period, its state and its lock. Exactly one of the four columns holds it;
yes and no are the codes `yes` and `no`. An item without a row is unknown, like an empty column of the form.
"""

from django.db import models
from django.db.models import F, Func
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from lika.core.ids import uuid7
from lika.core.privacy import Privacy, all_are
from lika.register.models.years import CountyYear, HouseholdYear, PersonYear, VillageYear

VALUES = ("number", "day", "code", "text")


class ItemRow(models.Model):
    """What the item tables share: the id that the pack declares the item by, and its value by kind."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item = models.CharField(max_length=40)
    number = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    day = models.DateField(null=True)
    code = models.CharField(max_length=20, null=True)  # noqa: DJ001 - no value is not the empty text
    text = models.CharField(max_length=200, null=True)  # noqa: DJ001

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["year", "item"], name="%(class)s_once"),
            models.CheckConstraint(
                condition=Exact(Func(*map(F, VALUES), function="num_nonnulls", output_field=models.IntegerField()), 1),
                name="%(class)s_one_value",
            ),
        ]

    # The item's own class, which its pack says, decides who sees a value; none travels further than these.
    privacy = all_are(Privacy.INTERNAL, "id year item") | all_are(Privacy.SENSITIVE, "number day code text")


class PersonItem(ItemRow):
    """An item of a person's year."""

    year = models.ForeignKey(PersonYear, on_delete=models.PROTECT, related_name="+")

    class Meta(ItemRow.Meta):
        verbose_name = _("person item")


class HouseholdItem(ItemRow):
    """An item of a household's year."""

    year = models.ForeignKey(HouseholdYear, on_delete=models.PROTECT, related_name="+")

    class Meta(ItemRow.Meta):
        verbose_name = _("household item")


class VillageItem(ItemRow):
    """An item of a village's year."""

    year = models.ForeignKey(VillageYear, on_delete=models.PROTECT, related_name="+")

    class Meta(ItemRow.Meta):
        verbose_name = _("village item")


class CountyItem(ItemRow):
    """An item of a county's year."""

    year = models.ForeignKey(CountyYear, on_delete=models.PROTECT, related_name="+")

    class Meta(ItemRow.Meta):
        verbose_name = _("county item")


ITEM_TABLES: dict[str, type[PersonItem | HouseholdItem | VillageItem | CountyItem]] = {
    "person": PersonItem,
    "household": HouseholdItem,
    "village": VillageItem,
    "county": CountyItem,
}
