"""The chapters of the manual, in reading order."""

from tests.spec.chapters.aggregate import AGGREGATE
from tests.spec.chapters.boolean import BOOLEAN
from tests.spec.chapters.comparison import COMPARISON
from tests.spec.chapters.dates import DATES
from tests.spec.chapters.handling_unknown import HANDLING_UNKNOWN
from tests.spec.chapters.met import MET
from tests.spec.chapters.previous import PREVIOUS
from tests.spec.chapters.quotient import QUOTIENT
from tests.spec.chapters.ranges import RANGES
from tests.spec.chapters.refusal import REFUSAL
from tests.spec.chapters.unknown import UNKNOWN

CHAPTERS = (
    COMPARISON,
    BOOLEAN,
    UNKNOWN,
    AGGREGATE,
    RANGES,
    QUOTIENT,
    DATES,
    PREVIOUS,
    MET,
    HANDLING_UNKNOWN,
    REFUSAL,
)
