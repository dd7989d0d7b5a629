"""Tables of data quality, and of what is found across households."""

from lika.monitoring.models.leads import Lead, LeadCount, LeadDecision, LeadRun
from lika.monitoring.models.quality import QualityCount, QualityFault, QualityJob, QualityRun

__all__ = ["Lead", "LeadCount", "LeadDecision", "LeadRun", "QualityCount", "QualityFault", "QualityJob", "QualityRun"]
