"""Three samples of each paper, by its name: as usual, long, and with all that may be left empty empty. 演示数据"""

from collections.abc import Mapping

from lika.core.papers import PaperData
from tests.casework.papers.samples import decisions, files, households, meetings, public, units

SAMPLES: Mapping[str, tuple[PaperData, PaperData, PaperData]] = {
    name: three
    for module in (public, meetings, households, decisions, units, files)
    for name, three in module.SAMPLES.items()
}
