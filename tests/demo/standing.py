"""Where the batches of a campaign stand, and what waits for somebody on their home page. 演示数据"""

from collections import Counter

from django.test import Client

from lika.accounts.models import User
from lika.casework.models import Batch, Campaign


def standing(campaign: Campaign) -> dict[str, str]:
    """Of each batch with cases: its village, with its number where it is a supplementary one, and its stage.

    A closed batch stands nowhere.
    """
    batches = Batch.objects.filter(campaign=campaign).exclude(cases=None).distinct()
    return {
        f"{each.division_id}{f'-{each.sequence}' if each.sequence else ''}": each.stage if each.state == "open" else ""
        for each in batches
    }


def states(campaign: Campaign) -> Counter[str]:
    """How many cases are in each state."""
    return Counter(campaign.cases.values_list("state", flat=True))


def batches_waiting(username: str) -> list[str]:
    """The lines about batches of cases on the home page of somebody."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    return [f"{task.title} {task.explanation}" for task in client.get("/").context["waiting"] if task.icon == "folder"]
