"""What casework keeps: the days that are worked, campaigns and their quotas."""

from lika.casework.models.days import CalendarYear, SpecialDay
from lika.casework.models.quotas import Campaign, Quota

__all__ = ["CalendarYear", "Campaign", "Quota", "SpecialDay"]
