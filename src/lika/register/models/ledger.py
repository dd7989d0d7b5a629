"""The income ledger: what a household earned and spent by account and day, with evidence and a second person's word."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lika.core.fields import EncryptedTextField
from lika.core.ids import uuid7
from lika.core.privacy import Privacy, all_are
from lika.register.choices import TotalsFrom
from lika.register.models.documents import Document
from lika.register.models.households import Household


class IncomeEntry(models.Model):
    """One line: an amount on a day under an account of the packs, and the national account above it.

    It counts once somebody else confirmed it. A wrong one is withdrawn with a reason and stays. `village` is where the
    household stood when it was entered.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="income_entries", db_index=False)
    data_year = models.PositiveSmallIntegerField()
    village = models.BigIntegerField()
    ledger_account = models.CharField(max_length=60)
    national = models.CharField(max_length=30, help_text="The national account above it.")
    on = models.DateField(help_text="Received or paid on.")
    quantity = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, help_text="Yuan; a cost too is above zero.")
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")
    remark = EncryptedTextField(blank=True, default="")
    recorder = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(auto_now_add=True)
    checker = models.CharField(max_length=150, blank=True)
    checked_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = EncryptedTextField(blank=True, default="")

    class Meta:
        verbose_name = _("income entry")
        indexes = [
            models.Index(fields=["household", "data_year"], name="incomeentry_household"),
            models.Index(
                fields=["village"], condition=Q(checked_at=None, withdrawn_at=None), name="incomeentry_waiting"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="incomeentry_amount_above_zero"),
            models.CheckConstraint(
                condition=Q(checker="", checked_at=None) | (~Q(checker="") & Q(checked_at__isnull=False)),
                name="incomeentry_checker_with_date",
            ),
            models.CheckConstraint(condition=~Q(checker=F("recorder")), name="incomeentry_checker_is_another"),
            models.CheckConstraint(
                condition=Q(withdrawn_by="", withdrawn_at=None) | (~Q(withdrawn_by="") & Q(withdrawn_at__isnull=False)),
                name="incomeentry_withdrawn_with_date",
            ),
        ]

    privacy = all_are(
        Privacy.INTERNAL,
        "id data_year village recorder recorded_at checker checked_at withdrawn_by withdrawn_at",
    ) | all_are(
        Privacy.PERSONAL, "household ledger_account national on quantity amount document remark withdrawn_reason"
    )


class LedgerChoice(models.Model):
    """What somebody decided about the totals of a year; the latest holds until an entry is confirmed or withdrawn."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+", db_index=False)
    data_year = models.PositiveSmallIntegerField()
    village = models.BigIntegerField()
    totals_from = models.CharField(max_length=10, choices=TotalsFrom)
    reason = EncryptedTextField(blank=True, default="")
    decided_by = models.CharField(max_length=150)
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("choice of totals")
        indexes = [models.Index(fields=["household", "data_year", "decided_at"], name="ledgerchoice_household")]

    privacy = all_are(Privacy.INTERNAL, "id data_year village totals_from decided_by decided_at") | all_are(
        Privacy.PERSONAL, "household reason"
    )
