"""Names as people say them."""

_VILLAGE_COMMITTEE = "村民委员会"
_RESIDENTS_COMMITTEE = "居民委员会"


def place_name(name: str) -> str:
    """A division without the committee that its statistical name carries.

    石磊村村民委员会 and 石磊村民委员会 -> 石磊村, 城关社区居民委员会 -> 城关社区; other names stay.
    """
    if name.endswith(_VILLAGE_COMMITTEE):
        stem = name.removesuffix(_VILLAGE_COMMITTEE)
        return stem if stem.endswith("村") else f"{stem}村"
    return name.removesuffix(_RESIDENTS_COMMITTEE) or name
