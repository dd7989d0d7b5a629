"""Names as people say them."""

from lika.divisions.names import place_name

__all__ = ["path_name", "place_name"]


def path_name(path: str) -> str:
    """A path of names, blank between, each as people say it: 甘肃省 … 城关镇 石磊村."""
    return " ".join(place_name(step) for step in path.split(" "))
