"""Users, officials, posts and grants."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.accounts.choices import GrantKind, Role, Sector
from lika.core.ids import uuid7
from lika.core.privacy import Privacy
from lika.divisions.models import Division


class User(AbstractUser):
    """An account. What it may do and see follows from the posts and grants of its official."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # True while somebody else may know the password: then it opens the page that changes it, and nothing else.
    must_change_password = models.BooleanField(default=False)
    password_expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("user")
        constraints = [
            models.CheckConstraint(
                condition=Q(password_expires_at__isnull=True) | Q(must_change_password=True),
                name="user_own_password_lasts",
            ),
        ]

    privacy = {
        "id": Privacy.INTERNAL,
        "username": Privacy.INTERNAL,
        "password": Privacy.SENSITIVE,
        "first_name": Privacy.INTERNAL,
        "last_name": Privacy.INTERNAL,
        "email": Privacy.INTERNAL,
        "is_staff": Privacy.INTERNAL,
        "is_active": Privacy.INTERNAL,
        "is_superuser": Privacy.INTERNAL,
        "date_joined": Privacy.INTERNAL,
        "last_login": Privacy.INTERNAL,
        "groups": Privacy.INTERNAL,
        "user_permissions": Privacy.INTERNAL,
        "must_change_password": Privacy.INTERNAL,
        "password_expires_at": Privacy.INTERNAL,
    }

    @property
    def one_time_password_expired(self) -> bool:
        """Whether the password was handed out and not used in time."""
        return self.password_expires_at is not None and self.password_expires_at <= timezone.now()


class FailedSignIn(models.Model):
    """An attempt to sign in that failed lately; `account` is the blind index of the name that was typed."""

    account = models.BinaryField(max_length=32)
    address = models.GenericIPAddressField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("failed sign-in")
        indexes = [
            models.Index(fields=["account", "-at"], name="failedsignin_account"),
            models.Index(fields=["address", "-at"], name="failedsignin_address"),
        ]

    privacy = {
        "id": Privacy.INTERNAL,
        "account": Privacy.SENSITIVE,
        "address": Privacy.PERSONAL,
        "at": Privacy.INTERNAL,
    }


class Official(models.Model):
    """A person with posts, with or without an account (helpers often have none)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.PROTECT)
    name = models.CharField(max_length=80)
    organisation = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("official")

    privacy = dict.fromkeys(("id", "user", "name", "organisation"), Privacy.INTERNAL)

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """Role x division x sector x dates; an official may hold several (一肩挑)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=16, choices=Role)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    sector = models.CharField(max_length=16, choices=Sector, blank=True)
    title = models.CharField(max_length=60, blank=True, help_text=_("The official name of the post, such as 村专干."))
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("post")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="post_dates_in_order"
            ),
            models.UniqueConstraint(fields=["official", "role", "division", "sector", "valid_from"], name="post_once"),
        ]

    privacy = dict.fromkeys(
        ("id", "official", "role", "division", "sector", "title", "valid_from", "valid_to"), Privacy.INTERNAL
    )


class Grant(models.Model):
    """Sight of one household or one village for a purpose and a time: how helpers, doctors and evaluators see lists.

    The household is named by its id without a foreign key: accounts lie below the register. `village` is where it
    stood when the grant was given: whoever keeps the accounts there may end it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="grants")
    kind = models.CharField(max_length=16, choices=GrantKind)
    household_id = models.UUIDField(null=True, blank=True)
    village = models.BigIntegerField()
    purpose = models.CharField(max_length=120)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("grant")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=GrantKind.HOUSEHOLD, household_id__isnull=False)
                | Q(kind=GrantKind.VILLAGE, household_id__isnull=True),
                name="grant_names_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="grant_dates_in_order"
            ),
        ]
        indexes = [models.Index(fields=["official", "household_id"], name="grant_official_household")]

    privacy = dict.fromkeys(
        ("id", "official", "kind", "household_id", "village", "purpose", "valid_from", "valid_to"), Privacy.INTERNAL
    )
