"""Words of casework."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DayMark(TextChoices):
    """What an arrangement makes of a day."""

    HOLIDAY = "holiday", _("Holiday")
    WORKDAY = "workday", _("Make-up work day")


class CampaignKind(TextChoices):
    """What number of persons a campaign splits."""

    IDENTIFICATION = "identification", _("Size of identification")
    REDUCTION = "reduction", _("Yearly reduction plan")


class CampaignState(TextChoices):
    """An open campaign may be split; in a locked one no number changes any more."""

    OPEN = "open", _("Being split")
    LOCKED = "locked", _("Locked")


class SplitState(TextChoices):
    """How far the number of one division is split to those directly below it."""

    NONE = "none", _("Not split yet")
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published downward")


class SplitMethod(TextChoices):
    """How parts of persons are rounded; the values are those of `apportion.Method`."""

    LARGEST_REMAINDER = "largest_remainder", _("Largest remainder")
    WEBSTER = "webster", _("Webster")


class Basis(TextChoices):
    """What the shares are measured by."""

    POOR = "poor", _("Poor persons in the register")
    RURAL = "rural", _("Rural registered population")
