"""The places of the demonstration: what each is drawn from, the packs that rule there, and its workbook."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lika.demo.areas import period
from lika.demo.table import FIRST, read


@dataclass(frozen=True)
class DemoPlace:
    """A place: the name of its table, its packs in the order in which they are loaded, its workbook, and the accounts
    of the two who propose and publish what everyone may read of it.
    """

    name: str
    packs: tuple[str, str]
    workbook: str
    proposes: str
    publishes: str

    @property
    def table(self) -> Mapping[str, Any]:
        """What it is drawn from."""
        return read(self.name)

    @property
    def county(self) -> str:
        """The 12-digit code of its county."""
        return str(self.table["county"])

    @property
    def area(self) -> str:
        """The 12-digit code of what is drawn of the county."""
        return str(self.table["area"])

    @property
    def time_point(self) -> dt.date:
        """The end of the last data year."""
        return period(max(self.table["data_years"]))[1]


DANGCHANG = DemoPlace(
    FIRST, ("cn-gansu/2016", "demo/cn-gansu-dangchang/2016"), "演示-宕昌县.xlsx", "xinxiyuan", "xianban"
)
KUIXU = DemoPlace(
    "jingxi", ("cn-guangxi-jingxi/2014", "demo/cn-guangxi-jingxi/2014"), "演示-靖西魁圩乡.xlsx", "kuixu", "jingxi"
)
PLACES = (DANGCHANG, KUIXU)
