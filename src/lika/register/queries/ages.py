"""How old what the register tells of a household is: the time point of its latest year, and changes after that."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from lika.register.choices import ChangeState
from lika.register.models import Change, HouseholdYear


def told_since(day: dt.date) -> Q:
    """Households that a yearly row with a time point on or after a day, or an applied change since then, tells of."""
    years = HouseholdYear.objects.filter(household=OuterRef("pk"), period_to__gte=day)
    changes = Change.objects.filter(household=OuterRef("pk"), state=ChangeState.APPLIED, effective_on__gte=day)
    return Q(Exists(years)) | Q(Exists(changes))


def latest_time_point(as_of: dt.date | None) -> Subquery:
    """The time point of a household's latest yearly row, up to a day where one is given; NULL without any."""
    years: QuerySet[HouseholdYear] = HouseholdYear.objects.filter(household=OuterRef("pk"))
    if as_of is not None:
        years = years.filter(period_to__lte=as_of)
    return Subquery(years.order_by("-data_year").values("period_to")[:1])
