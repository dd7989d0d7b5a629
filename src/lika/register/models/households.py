"""Who: households, where they stand, persons, and who belongs to which household when."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from lika.core.fields import EncryptedTextField
from lika.core.ids import uuid7
from lika.core.privacy import Privacy
from lika.divisions.models import Division
from lika.register.choices import HEAD, MonitoringStatus, PovertyStatus


class Household(models.Model):
    """A household in the register: poor or not, that is its status, never its presence.

    `village`, `poverty_status` and `monitoring_status` repeat the open placement and the latest
    status events; the actions that write those write these. `members` is kept by the database
    (migration 0006, docs/adr/kept-counts.md): whatever is written to it, the memberships of now are counted.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(_("household number"), max_length=30, unique=True)
    village = models.BigIntegerField(_("village"), help_text=_("12-digit code of the village, as a number."))
    kind = models.CharField(max_length=12, default="registered", help_text="CL-REGKIND")
    poverty_status = models.CharField(max_length=2, choices=PovertyStatus, default=PovertyStatus.NONE)
    monitoring_status = models.CharField(max_length=1, choices=MonitoringStatus, default=MonitoringStatus.NONE)
    standard = models.CharField(max_length=1, blank=True, help_text="CL-STD")
    attribute = models.CharField(max_length=2, blank=True, help_text="CL-HHATTR")
    identified_year = models.PositiveSmallIntegerField(null=True)
    planned_exit_year = models.PositiveSmallIntegerField(null=True)
    members = models.PositiveIntegerField(default=0, editable=False, help_text="Members of now.")
    address = EncryptedTextField(blank=True, default="")
    phone = EncryptedTextField(blank=True, default="")
    phone_index = models.BinaryField(max_length=32, null=True)
    bank_name = models.CharField(max_length=60, blank=True)
    bank_account = EncryptedTextField(blank=True, default="")
    bank_account_index = models.BinaryField(max_length=32, null=True)
    position = EncryptedTextField(blank=True, default="", help_text="Longitude and latitude, comma between.")
    coordinate_system = models.CharField(max_length=10, blank=True, help_text="CL-CRS")
    closed_on = models.DateField(null=True, help_text="Since when nobody belongs to it: merged, or its split undone.")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("household")
        indexes = [
            models.Index(fields=["village", "number"], name="household_village_number"),
            # The numbers of an area are counted from this index alone; the id is what row-level security asks for.
            models.Index(
                fields=["village", "poverty_status"],
                include=["id", "members", "closed_on"],
                name="household_village_poverty",
            ),
            models.Index(fields=["members", "number"], name="household_members_number"),
            models.Index(fields=["recorded_at"], name="household_recorded"),
            models.Index(fields=["phone_index"], condition=~Q(phone_index=None), name="household_phone"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(village__gte=110000000000, village__lte=829999999999), name="household_village_code"
            ),
            # What the foreign key of memberships refers to (`Membership.village`).
            models.UniqueConstraint(fields=["id", "village"], name="household_with_village"),
        ]

    privacy = {
        "id": Privacy.INTERNAL,
        "number": Privacy.INTERNAL,
        "village": Privacy.PUBLIC,
        "kind": Privacy.INTERNAL,
        "poverty_status": Privacy.PUBLIC,
        "monitoring_status": Privacy.PERSONAL,
        "standard": Privacy.INTERNAL,
        "attribute": Privacy.PERSONAL,
        "identified_year": Privacy.PUBLIC,
        "planned_exit_year": Privacy.INTERNAL,
        "members": Privacy.INTERNAL,
        "address": Privacy.SENSITIVE,
        "phone": Privacy.SENSITIVE,
        "phone_index": Privacy.SENSITIVE,
        "bank_name": Privacy.PERSONAL,
        "bank_account": Privacy.SENSITIVE,
        "bank_account_index": Privacy.SENSITIVE,
        "position": Privacy.SENSITIVE,
        "coordinate_system": Privacy.INTERNAL,
        "closed_on": Privacy.INTERNAL,
        "recorded_at": Privacy.INTERNAL,
    }

    def __str__(self) -> str:
        return self.number


class Placement(models.Model):
    """Where a household stood, from and to (half-open: `ended_on` is the first day elsewhere).

    A row whose two days are one never held: it was undone. The periods of one household never overlap: the database
    looks (migration 0008, docs/adr/no-overlap.md).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="placements")
    # Sought by the number, `village`; a division is never removed.
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="+", db_index=False, help_text="The village."
    )
    natural_village = models.ForeignKey(Division, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    village = models.BigIntegerField()
    started_on = models.DateField(null=True, help_text="Empty: since before the record.")
    ended_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("placement")
        indexes = [models.Index(fields=["village"], name="placement_village")]
        constraints = [
            models.UniqueConstraint(fields=["household"], condition=Q(ended_on=None), name="placement_one_open"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(started_on=None) | Q(ended_on__gte=F("started_on")),
                name="placement_dates_in_order",
            ),
        ]

    privacy = dict.fromkeys(
        ("id", "household", "division", "natural_village", "village", "started_on", "ended_on"), Privacy.INTERNAL
    )


class Person(models.Model):
    """A person, once, whatever household they belong to over time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(_("person number"), max_length=30, blank=True)
    name = models.CharField(_("name"), max_length=60)
    pinyin = models.CharField(max_length=200, blank=True, help_text="Full pinyin, the order of name lists.")
    initials = models.CharField(max_length=30, blank=True)
    sex = models.CharField(max_length=1, help_text="CL-SEX")
    birth_date = models.DateField(null=True)
    ethnicity = models.CharField(max_length=2, blank=True, help_text="CL-ETHNIC")
    id_type = models.CharField(max_length=2, blank=True, help_text="CL-IDTYPE")
    id_number = EncryptedTextField(blank=True, default="")
    id_original = EncryptedTextField(blank=True, default="", help_text="The 15-digit number it was converted from.")
    id_index = models.BinaryField(max_length=32, null=True)
    no_id_reason = models.CharField(max_length=1, blank=True, help_text="CL-NOID")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("person")
        indexes = [
            GinIndex(Func(F("name"), Value(None), function="string_to_array"), name="person_name_characters"),
            models.Index(fields=["initials"], name="person_initials"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["id_index"], condition=Q(id_index__isnull=False), name="person_id_once"),
            models.CheckConstraint(
                condition=Q(id_index__isnull=False) | ~Q(no_id_reason=""), name="person_id_or_reason"
            ),
        ]

    privacy = {
        "id": Privacy.INTERNAL,
        "number": Privacy.INTERNAL,
        "name": Privacy.PERSONAL,
        "pinyin": Privacy.PERSONAL,
        "initials": Privacy.PERSONAL,
        "sex": Privacy.PERSONAL,
        "birth_date": Privacy.PERSONAL,
        "ethnicity": Privacy.PERSONAL,
        "id_type": Privacy.INTERNAL,
        "id_number": Privacy.SENSITIVE,
        "id_original": Privacy.SENSITIVE,
        "id_index": Privacy.SENSITIVE,
        "no_id_reason": Privacy.PERSONAL,
        "recorded_at": Privacy.INTERNAL,
    }


class Membership(models.Model):
    """A person belongs to a household from `joined_on` until before `left_on`.

    A row whose two days are one never held: it was undone, or replaced on the day it began. Another relation to the
    head begins another row, so that an earlier day keeps the relation that held on it; nobody has left by that.

    The periods of one person never overlap (migration 0008, docs/adr/no-overlap.md); the partial indexes beside that
    rule give open rows the clearer refusal and the fast lookup.

    `village` repeats that of the household, so that the database can tell at a glance whether a row lies in sight
    (`lika.config.wall`). A foreign key of both columns (migration 0004) keeps it true: it moves with the household,
    which a foreign key of its own would only look up once more.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships", db_constraint=False)
    village = models.BigIntegerField()
    relation = models.CharField(max_length=2, help_text="CL-REL")
    joined_on = models.DateField(null=True, help_text="Empty: since before the record.")
    left_on = models.DateField(null=True)
    join_reason = models.CharField(max_length=2, blank=True, help_text="CL-MEMCHG")
    leave_reason = models.CharField(max_length=2, blank=True, help_text="CL-MEMCHG")

    class Meta:
        verbose_name = _("membership")
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(left_on=None), name="membership_person_open"),
            models.UniqueConstraint(
                fields=["household"], condition=Q(left_on=None, relation=HEAD), name="membership_one_head"
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(joined_on=None) | Q(left_on__gte=F("joined_on")),
                name="membership_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None, leave_reason="") | Q(left_on__isnull=False),
                name="membership_reason_with_date",
            ),
        ]

    privacy = {
        "id": Privacy.INTERNAL,
        "person": Privacy.INTERNAL,
        "household": Privacy.INTERNAL,
        "village": Privacy.INTERNAL,
        "relation": Privacy.PERSONAL,
        "joined_on": Privacy.PERSONAL,
        "left_on": Privacy.PERSONAL,
        "join_reason": Privacy.PERSONAL,
        "leave_reason": Privacy.PERSONAL,
    }
