"""Which real villages the invented households live in, and how many in each."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from lika.divisions.sources import DATA

#: The file of the real codes, at the level of villages.
DIVISIONS = DATA / "divisions.parquet"
#: Households of a county: so many counties are used as this takes, all of them from thirty million households on.
HOUSEHOLDS_OF_COUNTY = 10_000

_COUNTIES = """
    SELECT DISTINCT code::BIGINT // 1000000 AS county FROM read_parquet($divisions) WHERE level = 5 ORDER BY county
"""
# A village has from half to one and a half times as many households as another would in its place. The whole is cut
# at the running sums of these weights, so that the parts add up to it exactly.
_VILLAGES = """
    WITH village AS (
        SELECT code::BIGINT AS village, code::BIGINT // 1000000 AS county,
               5000 + (hash(code::BIGINT, $seed::BIGINT) % 10000)::BIGINT AS weight
          FROM read_parquet($divisions)
         WHERE level = 5 AND list_contains($counties, code::BIGINT // 1000000)
    ), summed AS (
        SELECT *, sum(weight) OVER (ORDER BY village)::BIGINT AS up_to, sum(weight) OVER ()::BIGINT AS total
          FROM village
    ), given AS (
        SELECT village, county,
               ($households * up_to // total - $households * (up_to - weight) // total)::BIGINT AS households
          FROM summed
    )
    SELECT *, (sum(households) OVER (PARTITION BY county ORDER BY village) - households)::BIGINT AS before
      FROM given ORDER BY village
"""


@dataclass(frozen=True, eq=False)
class Places:
    """The villages (village, county, households, those of the county before them) and their counties, ascending."""

    villages: pa.Table
    counties: tuple[int, ...]


def places(households: int, seed: int) -> Places:
    """Spread so many households over real villages: the same for the same number and seed."""
    with duckdb.connect() as session:
        every = [row[0] for row in session.execute(_COUNTIES, {"divisions": str(DIVISIONS)}).fetchall()]
        wanted = min(len(every), max(1, -(-households // HOUSEHOLDS_OF_COUNTY)))
        counties = tuple(every[number * len(every) // wanted] for number in range(wanted))
        villages = session.execute(
            _VILLAGES,
            {"divisions": str(DIVISIONS), "seed": seed, "households": households, "counties": list(counties)},
        ).to_arrow_table()
    return Places(villages, counties)
