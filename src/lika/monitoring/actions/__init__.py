"""What is done about the quality of data: runs, and following faults and leads up."""

from lika.monitoring.actions.asking import ask_for_quality, begin_job, do_job, job_asker
from lika.monitoring.actions.following import assign, explain, fix, recheck
from lika.monitoring.actions.leads_deciding import check_lead, decide_lead
from lika.monitoring.actions.leads_finding import ask_for_leads, asker_of, begin, look_for_leads
from lika.monitoring.actions.running import run_quality

__all__ = [
    "ask_for_leads",
    "ask_for_quality",
    "asker_of",
    "assign",
    "begin",
    "begin_job",
    "check_lead",
    "decide_lead",
    "do_job",
    "explain",
    "fix",
    "job_asker",
    "look_for_leads",
    "recheck",
    "run_quality",
]
