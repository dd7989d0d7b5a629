"""Following a fault up: assign it with a day, say that it is mended, explain a warning, recheck at once."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.core import audit
from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.engine.snapshots.layout import county_of
from lika.monitoring.choices import MOVES, OVER, FaultState
from lika.monitoring.models import QualityFault
from lika.monitoring.queries.faults import fault_of, may_mend, no_such_fault
from lika.policy.choices import Severity
from lika.policy.quality import rules_for
from lika.register.actions.rules import breaks

LONGEST = {"remark": 300}


@transaction.atomic
def assign(*, by: Actor, fault: UUID, to: UUID, deadline: dt.date | None = None) -> QualityFault:
    """Name who mends a fault, until when. Without a day the packs' time limit counts from today, if they give one.

    Raises ACC-001, ACC-002, QUA-010 (no such fault), QUA-011 (not now), QUA-013 (a past day), QUA-015 (an official who
    may not mend there).
    """
    found = _locked(by, Permission.QUALITY_ASSIGN, fault, "assign")
    official = may_mend(found).filter(pk=to).first()
    if official is None:
        raise UserError(
            "QUA-015",
            _("This official cannot mend the fault."),
            remedy=_("Choose one from the list: it holds those who may change the record there."),
            field="to",
        )
    today = timezone.localdate()
    if deadline is None:
        days = rules_for(f"{found.village:0{CODE_LENGTH}d}", today).days_to_fix
        deadline = None if days is None else today + dt.timedelta(days=days)
    elif deadline < today:
        raise UserError(
            "QUA-013", _("The day lies in the past."), remedy=_("Choose today or a later day."), field="deadline"
        )
    return _moved(by, found, "assign", assignee=official, assigned_to=official.name, deadline=deadline)


@transaction.atomic
def fix(*, by: Actor, fault: UUID) -> QualityFault:
    """Say that a fault has been mended in the register; it is over when a recheck finds it gone.

    Raises ACC-001, ACC-002, QUA-010, QUA-011.
    """
    return _moved(by, _locked(by, Permission.QUALITY_MEND, fault, "fix"), "fix")


@transaction.atomic
def explain(*, by: Actor, fault: UUID, remark: str) -> QualityFault:
    """Say why a warning is right as it is. An error cannot be explained.

    Raises ACC-001, ACC-002, QUA-010, QUA-011, QUA-012 (no remark), QUA-014 (an error).
    """
    found = _locked(by, Permission.QUALITY_MEND, fault, "explain")
    if found.severity == Severity.ERROR:
        raise UserError(
            "QUA-014",
            _("An error cannot be explained away."),
            remedy=_("Mend it in the register and have it rechecked."),
            rule=found.rule,
        )
    return _moved(by, found, "explain", remark=_text("remark", remark))


@transaction.atomic
def recheck(*, by: Actor, fault: UUID) -> QualityFault:
    """Hold the household of a fault against its rule as the register stands now: gone, or open again.

    It is asked of the time point of the run that found it last; what was explained stays explained. Raises ACC-001,
    ACC-002, QUA-010, QUA-011 (over, or a fault of a whole division: those wait for the next run).
    """
    found = _locked(by, Permission.QUALITY_MEND, fault, "")
    if found.state in OVER or found.household_id is None:
        raise _not_now(found)
    snapshot = found.last_run.snapshot
    book = rules_for(f"{snapshot.division:0{CODE_LENGTH}d}", snapshot.at)
    unit = found.unit_id if found.unit_kind == "person" else None
    if breaks(book, found.rule, found.household_id, found.village, snapshot.data_year, snapshot.at, person=unit):
        state = FaultState.EXPLAINED if found.state == FaultState.EXPLAINED else FaultState.OPEN
    else:
        state = FaultState.RECHECKED if found.rule in book.rules else FaultState.LAPSED
    return _written(by, found, "recheck", state=state)


def _locked(by: Actor, permission: Permission, fault: UUID, verb: str) -> QualityFault:
    by.require(permission)
    found = fault_of(by, fault, lock=True)
    if found is None:
        raise no_such_fault()
    by.require(permission, village=found.village)
    if verb and found.state not in MOVES[verb][0]:
        raise _not_now(found)
    return found


def _not_now(found: QualityFault) -> UserError:
    return UserError(
        "QUA-011",
        _("The fault is not in the state that this step begins with."),
        remedy=_("Look at the fault again."),
        state=found.state,
    )


def _text(name: str, given: str) -> str:
    text = given.strip()
    if not text or len(text) > LONGEST[name]:
        raise UserError(
            "QUA-012",
            _("Something has to be written here, and not more than %(longest)s characters.")
            % {"longest": LONGEST[name]},
            remedy=_("Enter it as the form shows."),
        )
    return text


def _moved(by: Actor, found: QualityFault, verb: str, **values: object) -> QualityFault:
    return _written(by, found, verb, state=MOVES[verb][1], **values)


def _written(by: Actor, found: QualityFault, verb: str, **values: object) -> QualityFault:
    old = {name: getattr(found, name) for name in values}
    for name, value in values.items():
        setattr(found, name, value)
    found.changed_by, found.changed_at = by.name, timezone.now()
    found.save(update_fields=[*values, "changed_by", "changed_at"])
    # The remark is personal and stands in the row; the audit says that it changed.
    told = [name for name in values if name not in ("remark", "assignee")]
    change = audit.Change(
        "quality_fault",
        found.pk,
        county=county_of(found.village),
        label=found.rule,
        old={name: str(old[name]) for name in told},
        new={name: str(values[name]) for name in told},
    )
    audit.record(by=by, action=f"quality.{verb}", change=change)
    return found
