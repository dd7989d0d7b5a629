"""Whether an actor may keep an official's account, posts and grants."""

from django.db.models import Q
from django.utils import timezone

from lika.accounts.models import Official
from lika.core.actors import Actor
from lika.core.areas import EVERYWHERE
from lika.core.permissions import Permission


def is_own(by: Actor, official: Official) -> bool:
    """Whether the actor is this official: nobody keeps their own."""
    return by.official_id is not None and by.official_id == official.id


def keeps_whole(by: Actor, official: Official) -> bool:
    """Whether everything that the account opens lies where the actor keeps accounts.

    That is every post and grant that is open or to come; where there is none, those of the past say whose it is.
    """
    area = by.area_for(Permission.ACCOUNTS_MANAGE)
    if area == EVERYWHERE:
        return True
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gte=timezone.localdate())
    held = _places(official, lasting) or _places(official, Q())
    return bool(held) and all(area.covers(place) for place in held)


def _places(official: Official, condition: Q) -> set[str]:
    """The codes of all divisions that the official's posts and grants name."""
    posts = official.posts.filter(condition).values_list("division_id", flat=True)
    grants = official.grants.filter(condition).values_list("village", flat=True)
    return {*posts, *(f"{village:012d}" for village in grants)}
