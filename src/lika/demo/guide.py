"""The guided path: ten steps, each ending on a real screen, shown above the pages of a demonstration.

Where somebody stands is kept in their session. A step that the role one entered as cannot take says whom to enter as.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lika.accounts.access import actor
from lika.accounts.choices import Role
from lika.accounts.queries import UserActor
from lika.casework.choices import CaseState, NoticeKind, NoticeState
from lika.casework.models import Case
from lika.casework.queries import cases
from lika.core.errors import NotFound
from lika.core.language import chosen
from lika.core.permissions import Permission
from lika.demo import accounts
from lika.demo.casework.standings import EXIT
from lika.demo.tour_households import shown
from lika.register import queries as register

_SESSION = "guide"


@dataclass(frozen=True)
class Step:
    """A step: what is seen and what to click, the permissions that it needs, its screen.

    Some take a file along, or the number of a household.
    """

    title: Promise
    seen: Promise
    click: Promise
    needs: tuple[Permission, ...]
    address: Callable[[UserActor], str | None]
    file: str = ""
    file_label: str | Promise = ""
    household: Callable[[], str] | None = None

    @property
    def text(self) -> str:
        """What is seen and what to click, as one text: Chinese sets no space between sentences."""
        return chosen(f"{self.seen}{self.click}", f"{self.seen} {self.click}")

    def may(self, who: UserActor) -> bool:
        """Whether the actor can take it."""
        return all(who.has(permission) for permission in self.needs)


def _page(name: str) -> Callable[[UserActor], str | None]:
    return lambda _who: reverse(name)


def _number(criterion: str, result: str) -> str:
    return next(one.number for one in shown() if one.expect.get(criterion) == result)


def _household(criterion: str, result: str) -> Callable[[UserActor], str | None]:
    """The page of the first household of the tour with this result, for whoever sees it."""

    def address(who: UserActor) -> str | None:
        try:
            found = register.household_visible_to(who, _number(criterion, result))
        except NotFound:
            return None
        return reverse("console:household", args=[found.id])

    return address


def _batch(who: UserActor) -> str | None:
    """The batch of the village of the tour, which stands where four sign."""
    found = cases.batches_visible(who).filter(division=accounts.TOUR_VILLAGE, procedure=EXIT.procedure).first()
    return reverse("casework:batch", args=[found.pk]) if found else None


def _notice(who: UserActor) -> str | None:
    """The notices of a batch whose list hangs; where somebody objected, rather than elsewhere."""
    batches = cases.batches_visible(who).filter(procedure=EXIT.procedure)
    hanging = batches.filter(notices__kind=NoticeKind.NOTICE, notices__state=NoticeState.HANGING)
    objected = Exists(Case.objects.filter(batch=OuterRef("pk"), state=CaseState.STOPPED))
    found = hanging.order_by(objected.desc(), "number").first()
    return reverse("casework:notices", args=[found.pk]) if found else None


def _case_file(who: UserActor) -> str | None:
    """The file of the first household's case that is done."""
    done = Case.objects.filter(batch__in=cases.batches_visible(who), state=CaseState.DONE)
    found = done.filter(household_id__isnull=False).order_by("number").first()
    return reverse("casework:case-file", args=[found.pk]) if found else None


STEPS: Sequence[Step] = (
    Step(
        _("The county at a glance"),
        _("Map and figures show your area; the darker a place, the more of its households meet the exit criteria."),
        _("Click a place on the map or a line of the table to go one level down."),
        (Permission.REGISTER_VIEW,),
        _page("console:home"),
    ),
    Step(
        _("A household that failed, and why"),
        _("Nine people whose income is exactly the line: the standard says above, so it is not met, not by one fen."),
        _("Open the criterion of income: it names the values used, the line of the year and the clause."),
        (Permission.SCREENING_VIEW,),
        _household("income", "not_met"),
    ),
    Step(
        _("An unknown, and what is missing"),
        _("Data is missing here, so the result is unknown: a gap never counts as met."),
        _("Open the criterion that is unknown: it names the items to ask for on the next visit."),
        (Permission.SCREENING_VIEW,),
        _household("exit", "unknown"),
    ),
    Step(
        _("A workbook full of faults"),
        _("This workbook carries one of each fault that people make; nothing of it reaches the register."),
        _("Download it, upload it here and read the faults by sheet, row and column."),
        (Permission.REGISTER_IMPORT,),
        _page("collection:import"),
        "faulty.xlsx",
        _("The workbook with faults"),
    ),
    Step(
        _("The same workbook, corrected"),
        _("The same households with every fault put right."),
        _("Download it and upload it here: no error is left, and one more click would write it."),
        (Permission.REGISTER_IMPORT,),
        _page("collection:import"),
        "corrected.xlsx",
        _("The corrected workbook"),
    ),
    Step(
        _("What if the standard were another?"),
        _("Here stands the criterion of income as the pack has it, to be tried on one household; nothing is kept."),
        _("Enter the number of the household, change > to >= and try: at the line it is met now."),
        (Permission.SCREENING_VIEW, Permission.REGISTER_PERSONAL),
        lambda _who: reverse("snapshots:try") + "?criterion=income",
        household=lambda: _number("income", "not_met"),
    ),
    Step(
        _("A village's list waits for signatures"),
        _("Four sign in Guan'e village, in this order; at the side stand the stages passed and those to come."),
        _("Read who signed and whose turn it is; the leader of the resident team signs for all households at once."),
        (Permission.CASEWORK_VIEW,),
        _batch,
    ),
    Step(
        _("A public notice and its page on the web"),
        _("The list hangs until its period is over. An objection stops one household; the others go on."),
        _("Open the public page: what everybody reads, without numbers and telephones, and where anyone may object."),
        (Permission.CASEWORK_VIEW,),
        _notice,
    ),
    Step(
        _("A decided case and its appeal file"),
        _("Who decided what and when, on which grounds, with notices and signatures: all papers of the case are here."),
        _("Enter a purpose and make the appeal file: a ZIP that proves itself, verified by lika case verify offline."),
        (Permission.CASEWORK_VIEW, Permission.REGISTER_PERSONAL),
        _case_file,
    ),
    Step(
        _("The audit chain"),
        _("Whatever is changed or revealed is written down, each row linked to the one before and signed."),
        _("Press Verify now beside a chain: every row is worked through again."),
        (Permission.AUDIT_VIEW,),
        _page("console:audit"),
    ),
)
COMMON = accounts.username_of(Role.COUNTY)  # can take every step


@dataclass(frozen=True)
class Shown:
    """What stands above a page: the step, its number from 1, and the account to enter as where the role cannot take it.

    A dismissed guide leaves a button that brings it back.
    """

    step: Step
    number: int
    dismissed: bool
    can: bool
    enter_as: str

    @property
    def total(self) -> int:
        """How many steps there are."""
        return len(STEPS)

    @property
    def steps(self) -> list[tuple[int, Promise]]:
        """All steps with their numbers."""
        return [(number, step.title) for number, step in enumerate(STEPS, 1)]


def guide_for(request: HttpRequest) -> Shown:
    """What the guide says on a page, from the session alone and the permissions of the reader."""
    kept = _state(request)
    step = STEPS[kept["step"] - 1]
    return Shown(step, kept["step"], kept["dismissed"], step.may(actor(request)), COMMON)


def go_to(request: HttpRequest, number: int) -> str:
    """Stand at a step from now on; returns the address of its screen, or of the home page where the role has none.

    Raises DEM-006 for a number that no step has.
    """
    if not 1 <= number <= len(STEPS):
        raise NotFound("DEM-006", _("The guide has no such step."), remedy=_("Use the buttons of the guide."))
    request.session[_SESSION] = {"step": number, "dismissed": False}
    who, step = actor(request), STEPS[number - 1]
    found = step.address(who) if step.may(who) else None
    return found or reverse("console:home")


def dismiss(request: HttpRequest) -> None:
    """Fold the guide; the step is kept."""
    request.session[_SESSION] = {**_state(request), "dismissed": True}


def _state(request: HttpRequest) -> dict[str, Any]:
    state: dict[str, Any] = request.session.get(_SESSION, {"step": 1, "dismissed": False})
    return state
