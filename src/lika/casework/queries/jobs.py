"""Whether the process of some long work lives."""

import datetime as dt

from django.utils import timezone

from lika.casework.choices import RunState
from lika.casework.models import CampaignRun, NoticeBundle
from lika.core import processes

# In this time the process of a job has begun, or never will.
_START = dt.timedelta(seconds=60)
_UNDER_WAY = (RunState.WAITING, RunState.RUNNING, RunState.STOPPING)


def is_going(job: CampaignRun | NoticeBundle) -> bool:
    """Whether its process lives, or was asked for just now. At most two queries."""
    if job.state == RunState.WAITING and job.asked_at >= timezone.now() - _START:
        return True
    return job.state in _UNDER_WAY and processes.is_held(job.lock_key)


def is_killed(job: CampaignRun | NoticeBundle, *, is_going: bool) -> bool:
    """Whether it was to go on and its process died."""
    return not is_going and job.state in _UNDER_WAY
