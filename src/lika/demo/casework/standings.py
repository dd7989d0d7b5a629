"""Which village's batch stands at which stage of its procedure. 演示数据

The days are counted back from the day on which the demonstration is built, so that a notice that runs really runs when
somebody opens it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from lika.demo import accounts
from lika.demo.places import DANGCHANG, KUIXU, DemoPlace


class Half(StrEnum):
    """How far a batch is within the stage at which it stands; nothing is done there yet where none is named."""

    NONE = ""
    MET = "met"  # the meeting is on record and has still to be closed
    SIGNED = "signed"  # the first slots are signed, the last of them waits
    ASKED = "asked"  # all households agreed but one, whom nobody met
    RUNNING = "running"  # the notice hangs since a few days
    OBJECTED = "objected"  # as running, and somebody objects to one case
    OVER = "over"  # the notice hung as long as it has to and can be ended
    HUNG = "hung"  # the announcement hangs; it has still to take effect
    STALE = "stale"  # as hung, and the record of one household has changed since the screening
    SHEET = "sheet"  # half of the items of the indicator sheet are entered


@dataclass(frozen=True)
class Standing:
    """Where the batch of a village stands: at a stage, or with an empty one at the end.

    `village` names one; else it goes to any. On the way there the last case is struck out at a stage (`struck`), or
    returned (`returned`: at which stage, to which) and waits there in a supplementary batch. `late` applies when the
    others have gone on.
    """

    stage: str
    half: Half = Half.NONE
    village: str = ""
    struck: str = ""
    returned: tuple[str, str] = ("", "")
    late: bool = False

    @property
    def loses(self) -> bool:
        """Whether a case leaves it on the way."""
        return bool(self.struck or self.returned[0])


@dataclass(frozen=True)
class Course:
    """A campaign of a place: of which procedure, in which division, where its batches stand.

    `left` is how many days ago a stage was left, `hung` how many days ago its notice was posted.
    """

    place: DemoPlace
    area: str
    procedure: str
    phone: str
    left: Mapping[str, int]
    hung: Mapping[str, int]
    standings: Sequence[Standing]
    households: int | None = None
    deadlines: Mapping[str, int] = field(default_factory=dict)  # days from today


RUNS_SINCE = 3  # days that a running notice hangs
OVER_SINCE = 20  # days that a notice hangs which is over and was not ended

IDENTIFICATION = Course(
    KUIXU,
    KUIXU.area,
    "identification",
    "0776-6200000",
    left={
        "application": 80, "appraisal": 74, "verification": 68, "first_notice": 56, "township_review": 50,
        "second_notice": 38, "county_review": 30, "announcement": 24, "handbook": 12, "data_entry": 5,
    },
    hung={"first_notice": 66, "second_notice": 48, "announcement": 25},
    households=3,
    deadlines={"appraisal": -5, "township_review": -1, "announcement": 30},
    standings=(
        Standing("first_notice", Half.OBJECTED, accounts.KUIXU_VILLAGE, late=True),
        Standing("application"),
        Standing("appraisal"),
        Standing("appraisal", Half.MET),
        Standing("verification", Half.SIGNED),
        Standing("first_notice"),
        Standing("first_notice", Half.OVER),
        Standing("township_review"),
        Standing("second_notice", Half.RUNNING, returned=("township_review", "appraisal")),
        Standing("second_notice", Half.OVER),
        Standing("county_review"),
        Standing("announcement"),
        Standing("announcement", Half.STALE),
        Standing("handbook"),
        Standing("data_entry"),
        Standing("", struck="appraisal"),
    ),
)  # fmt: skip

EXIT = Course(
    DANGCHANG,
    "621223100000",
    "household_exit",
    "0939-6120000",
    left={
        "proposal": 94, "appraisal": 88, "verification": 82, "consent": 76, "notice": 54, "village_signatures": 48,
        "township_signatures": 42, "county_signatures": 34, "prefecture_signatures": 26, "evaluation": 16,
        "announcement": 8,
    },
    hung={"notice": 74, "announcement": 9},  # long enough for 5 working days, whatever holidays lie in between
    deadlines={"consent": -3, "township_signatures": 5},
    standings=(
        Standing("village_signatures", Half.SIGNED, accounts.TOUR_VILLAGE),
        Standing("proposal"),
        Standing("appraisal"),
        Standing("verification"),
        Standing("consent", Half.ASKED),
        Standing("notice", Half.RUNNING),
        Standing("notice", Half.OBJECTED),
        Standing("township_signatures", Half.SIGNED),
        Standing("county_signatures", Half.SIGNED),
        Standing("prefecture_signatures", Half.SIGNED, returned=("township_signatures", "verification")),
        Standing("evaluation", struck="appraisal"),
        Standing("announcement", Half.HUNG),
        Standing(""),
    ),
)  # fmt: skip

# Villages that meet every criterion and are still counted as poor: `villages_to_exit` of the place's table.
VILLAGE_EXIT = Course(
    DANGCHANG,
    DANGCHANG.county,
    "village_exit",
    "0939-6120000",
    left={
        "self_evaluation": 92, "township_signatures": 84, "department_check": 76, "county_signatures": 66,
        "prefecture_signatures": 56, "notice": 30, "announcement": 20, "filing": 10,
    },
    hung={"notice": 52, "announcement": 22},
    deadlines={"self_evaluation": 12, "department_check": 5},
    standings=(
        Standing("self_evaluation", Half.SHEET, accounts.EXITING_VILLAGE),
        Standing("department_check", Half.SHEET, "621223110203"),
        Standing("county_signatures", Half.SHEET, "621223110216"),
        Standing("notice", Half.RUNNING, "621223219205"),
        Standing("announcement", Half.HUNG, "621223219202"),
    ),
)  # fmt: skip
