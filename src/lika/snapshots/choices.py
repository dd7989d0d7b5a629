"""Closed lists of snapshots and screenings."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class UnitKind(TextChoices):
    """What criteria are about."""

    PERSON = "person", _("Person")
    HOUSEHOLD = "household", _("Household")
    VILLAGE = "village", _("Village")
    TOWNSHIP = "township", _("Township")
    COUNTY = "county", _("County")
    PREFECTURE = "prefecture", _("Prefecture")
    PROVINCE = "province", _("Province")


class Result(TextChoices):
    """What a criterion says of a unit; missing data is unknown, never met."""

    MET = "met", _("Met")
    NOT_MET = "not_met", _("Not met")
    UNKNOWN = "unknown", _("Unknown")


class ScreeningState(TextChoices):
    """Whether lists and pages use a screening's verdicts."""

    CURRENT = "current", _("Current")
    EARLIER = "earlier", _("Not current")
    TRIAL = "trial", _("Trial run")


class Engine(TextChoices):
    """What works the criteria: one machine, a cluster, or the slow obvious engine that both are checked against."""

    DUCKDB = "duckdb", _("DuckDB")
    SPARK = "spark", _("Spark")
    REFERENCE = "reference", _("Reference")


class ChangeKind(TextChoices):
    """What a scenario changes of a pack, or adds to it: the amount is read by its cost alone."""

    PARAMETER = "parameter", _("Parameter")
    CRITERION = "criterion", _("Criterion")
    AMOUNT = "amount", _("Amount per unit")


class RunState(TextChoices):
    """How far a trial run is that somebody asked for on a page; empty where nobody did."""

    NONE = "", _("not run yet")
    WAITING = "waiting", _("waiting to be tried")
    RUNNING = "running", _("being tried")
    DONE = "done", _("tried")
    FAILED = "failed", _("trial failed")
