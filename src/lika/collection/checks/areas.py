"""Whether a row lies where the actor may write: a condition over the bounds of an area, in SQL."""

from lika.core.areas import Area

# A county's code and the last village code that it covers.
_COUNTY_SPAN = 999_999


def bounds(name: str, area: Area) -> dict[str, list[int]]:
    """The arguments that `inside` of the same name asks for."""
    return {f"{name}_low": [low for low, _high in area.ranges], f"{name}_high": [high for _low, high in area.ranges]}


def inside(name: str, code: str, *, county: bool = False) -> str:
    """The condition that a village (or the whole of a county) lies in the area called `name`."""
    condition = f"{code} BETWEEN area.low AND area.high"
    if county:
        condition = f"area.low <= {code} AND {code} + {_COUNTY_SPAN} <= area.high"
    ranges = f"unnest(%({name}_low)s::bigint[], %({name}_high)s::bigint[]) AS area (low, high)"
    return f"EXISTS (SELECT 1 FROM {ranges} WHERE {condition})"  # noqa: S608 - names of ours
