"""What casework keeps: the days that are worked, campaigns and their quotas, the cases and their batches."""

from lika.casework.models.cases import Batch, Case, Deadline, Step
from lika.casework.models.days import CalendarYear, SpecialDay
from lika.casework.models.quotas import Campaign, Quota

__all__ = ["Batch", "CalendarYear", "Campaign", "Case", "Deadline", "Quota", "SpecialDay", "Step"]
