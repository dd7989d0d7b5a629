"""Changes: who wanted what changed, since when, why, who agreed; and, line by line, what was and what is."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lika.core.fields import EncryptedTextField
from lika.core.ids import uuid7
from lika.core.privacy import Privacy, all_are
from lika.register.choices import OPEN_STATES, ChangeKind, ChangeState, Subject
from lika.register.models.households import Household, Person


class Change(models.Model):
    """One change of a household, of a member, or of a locked yearly row.

    `village` is where the record stood when it was proposed (of a county's year, the county), `to_village` the other
    side of a move. `other_household` is the one that a split makes or a merger ends; it may not be there yet, so that
    it is no foreign key. `closer` applied or refused it. The recorder never checks, accepts or applies what others
    must agree to.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=10, choices=ChangeKind)
    state = models.CharField(max_length=10, choices=ChangeState, default=ChangeState.PROPOSED)
    household = models.ForeignKey(Household, null=True, on_delete=models.PROTECT, related_name="changes")
    other_household = models.UUIDField(null=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    village = models.BigIntegerField()
    to_village = models.BigIntegerField(null=True)
    effective_on = models.DateField()
    reason_code = models.CharField(max_length=2, blank=True, help_text="CL-MEMCHG")
    reason = EncryptedTextField(blank=True, default="")
    evidence = EncryptedTextField(blank=True, default="")
    needs_check = models.BooleanField()
    needs_evidence = models.BooleanField(default=False, help_text="A document must be there when it is checked.")
    reverses = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="undoings")
    recorder = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(auto_now_add=True)
    checker = models.CharField(max_length=150, blank=True)
    checked_at = models.DateTimeField(null=True)
    closer = models.CharField(max_length=150, blank=True)
    closed_at = models.DateTimeField(null=True)
    remark = EncryptedTextField(blank=True, default="")

    class Meta:
        verbose_name = _("change")
        indexes = [
            models.Index(fields=["household", "effective_on"], name="change_household"),
            models.Index(fields=["other_household"], name="change_other_household"),
            models.Index(fields=["village"], condition=Q(state__in=sorted(OPEN_STATES)), name="change_open"),
            models.Index(fields=["to_village"], condition=Q(state__in=sorted(OPEN_STATES)), name="change_coming"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(checker="", checked_at=None) | (~Q(checker="") & Q(checked_at__isnull=False)),
                name="change_checker_with_date",
            ),
            models.CheckConstraint(
                condition=Q(closer="", closed_at=None, state__in=sorted(OPEN_STATES))
                | (~Q(closer="") & Q(closed_at__isnull=False) & ~Q(state__in=sorted(OPEN_STATES))),
                name="change_closer_with_date",
            ),
            models.CheckConstraint(condition=~Q(checker=F("recorder")), name="change_checker_is_another"),
            models.CheckConstraint(
                condition=~Q(state=ChangeState.APPLIED) | Q(needs_check=False) | ~Q(checker=""),
                name="change_applied_when_checked",
            ),
            models.CheckConstraint(
                condition=~Q(state=ChangeState.APPLIED) | Q(to_village=None) | ~Q(closer=F("recorder")),
                name="change_accepted_by_another",
            ),
            models.UniqueConstraint(
                fields=["reverses"], condition=~Q(state=ChangeState.REFUSED), name="change_undone_once"
            ),
        ]

    privacy = all_are(
        Privacy.INTERNAL,
        "id kind state household other_household village to_village effective_on needs_check needs_evidence reverses "
        "recorder recorded_at checker checked_at closer closed_at",
    ) | all_are(Privacy.PERSONAL, "person reason_code reason evidence remark")


class ChangeField(models.Model):
    """One line of a change: a field of a row before and after, as JSON text.

    `is_new`: the row itself comes with the change, and there is no before but that of a row it follows on. Lines are
    carried out in their order.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=15, choices=Subject)
    subject_id = models.UUIDField()
    person_id = models.UUIDField(null=True, help_text="Whom the line tells of.")
    field = models.CharField(max_length=40)
    is_new = models.BooleanField()
    old = EncryptedTextField(blank=True, default="")
    new = EncryptedTextField(blank=True, default="")

    class Meta:
        verbose_name = _("line of a change")
        ordering = ["position"]
        indexes = [models.Index(fields=["subject_id", "field"], name="changefield_subject")]
        constraints = [models.UniqueConstraint(fields=["change", "position"], name="changefield_position")]

    privacy = all_are(Privacy.INTERNAL, "id change position subject subject_id person_id field is_new") | all_are(
        Privacy.SENSITIVE, "old new"
    )
