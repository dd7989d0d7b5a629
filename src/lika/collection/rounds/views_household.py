"""The form of one household, or of the village: filled by the village, looked through by the township."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.collection.rounds import actions, queries
from lika.collection.rounds.actions import Filled, Filling
from lika.collection.rounds.choices import EntryState
from lika.collection.rounds.forms import FieldRemarkForm, HouseholdForm, PartForm
from lika.collection.rounds.models import Entry, FieldRemark, Submission
from lika.collection.rounds.views import next_to_do, village_context
from lika.collection.rounds.words import label_of, unit_of, words_of
from lika.core.errors import ManyErrors, NotFound, PermissionRefused, UserError
from lika.core.language import Said
from lika.core.permissions import Permission
from lika.engine.schema import Fact
from lika.policy.quality import find
from lika.register import queries as register
from lika.register.facts.households import INCOME
from lika.register.queries import WholeYear, YearPart

_INCOME = frozenset(fact.name for fact in INCOME)
NO_ERRORS: Sequence[UserError] = ()


@requires(Permission.ROUND_VIEW)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def household(request: HttpRequest, submission_id: UUID, pk: UUID) -> HttpResponse:
    """The form while the village fills, else what it filled beside last year's values."""
    who = actor(request)
    found = queries.submission_in_sight(who, submission_id)
    whole = register.whole_year(by=who, household=pk, data_year=found.round.data_year, at=found.round.period_to)
    if whole.village != found.village:
        raise NotFound("RND-016", _("This household is not in this village."), remedy=_("Look at the village's list."))
    entry = found.entries.filter(household=pk).first()
    context = village_context(who, found)
    if not context["may_fill"]:
        return _look(request, found, whole, entry, context)
    form = HouseholdForm(whole, request.POST or None, entry.remark if entry else "")
    errors, done = NO_ERRORS, None
    if request.method == "POST" and form.is_valid():
        try:
            done = _fill(who, found, form, request.POST.get("as", ""))
        except UserError as error:
            if isinstance(error, PermissionRefused):
                raise
            errors = error.errors if isinstance(error, ManyErrors) else [error]
        else:
            if not done.asks:
                return _onwards(request, who, found, whole, done)
    context |= _parts(form, queries.remarks_on(found, pk))
    context |= {"errors": errors, "warnings": _warnings(done, entry), "asks": done is not None, "entry": entry}
    refused = bool(errors) or (request.method == "POST" and done is None)
    return render(request, "collection/rounds/household.html", context, status=422 if refused else 200)


def _fill(who: UserActor, found: Submission, form: HouseholdForm, chosen: str) -> Filled:
    state = EntryState(chosen) if chosen in EntryState else EntryState.DRAFT
    filling = Filling(
        own=form.own.cleaned_data,
        members={each.part.id: each.cleaned_data for each in form.members if each.part.id is not None},
        state=state,
        remark=form.note.cleaned_data["remark"],
    )
    return actions.fill_household(by=who, submission=found.pk, household=form.whole.id, filling=filling)


def _onwards(request: HttpRequest, who: UserActor, found: Submission, whole: WholeYear, done: Filled) -> HttpResponse:
    """On to the next household that is not finished, or back to the village."""
    messages.success(request, _("Household %(number)s is kept: %(state)s.") % {
        "number": whole.number, "state": EntryState(done.entry.state).label,
    })  # fmt: skip
    following = next_to_do(queries.village_standing(by=who, submission=found), whole.number)
    if done.entry.state != EntryState.FILLED or following is None:
        return redirect("rounds:village", found.pk)
    return redirect("rounds:household", found.pk, following.household.id)


def _parts(form: HouseholdForm, remarks: Sequence[FieldRemark]) -> dict[str, Any]:
    """The parts of the form with the fields of each, and what the township remarked at them."""
    own = [remark for remark in remarks if remark.person_id is None]
    living = [fact.name for fact in form.own.facts if fact.name not in _INCOME]
    groups = [
        (_("Income and cost"), form.own.lines(own, sorted(_INCOME))),
        (_("Living conditions, guarantees and causes"), form.own.lines(own, living)),
    ]
    members = [
        (each, each.lines(theirs := [one for one in remarks if one.person_id == each.part.id]), theirs)
        for each in form.members
    ]
    return {
        "whole": form.whole,
        "form": form,
        "groups": groups,
        "members": members,
        "on_whole": [remark for remark in own if not remark.field],
    }


def _warnings(done: Filled | None, entry: Entry | None) -> list[tuple[Said, Said]]:
    """What rules say of the household: after saving all of them, before it those that its entry holds."""
    if done is not None:
        return [(rule.message, rule.remedy) for rule in done.faults]
    return warnings_of(entry.warnings if entry else ())


def warnings_of(rules: Iterable[str]) -> list[tuple[Said, Said]]:
    """The messages and remedies of rules by their ids; one that no pack knows any more is left out."""
    known = [found for rule in rules if (found := find(rule)) is not None]
    return [(Said(*_both(item.message)), Said(*_both(item.remedy))) for item in known]


def _both(words: Any) -> tuple[str, str]:
    return words.zh, words.en


def _look(
    request: HttpRequest, found: Submission, whole: WholeYear, entry: Entry | None, context: dict[str, Any]
) -> HttpResponse:
    """What was filled, beside last year's values: what differs first."""
    remarks = queries.remarks_on(found, whole.id)
    context |= {
        "whole": whole,
        "entry": entry,
        "entry_word": EntryState(entry.state).label if entry else "",
        "tables": [(part, rows_of(part, whole.facts[part.unit], remarks)) for part in whole.parts],
        "warnings": warnings_of(entry.warnings if entry else ()),
        "remarks": [(remark, _where(whole, remark)) for remark in remarks],
        "remark_form": FieldRemarkForm(places=_places(whole)),
        "next": _following(actor(request), found, whole),
    }
    return render(request, "collection/rounds/household_look.html", context)


def _following(who: UserActor, found: Submission, whole: WholeYear) -> UUID | None:
    """The household after this one in the village's list."""
    lines = queries.village_standing(by=who, submission=found).lines
    return next((line.household.id for line in lines if line.household.number > whole.number), None)


def rows_of(part: YearPart, facts: Sequence[Fact], remarks: Iterable[FieldRemark]) -> dict[str, Any]:
    """The values of a part beside those of last year, without fields that both leave empty.

    `noted` are those that differ or were remarked on, `alike` the rest; without a last year all are noted.
    """
    noted = {(remark.person_id, remark.field) for remark in remarks}
    person = part.id if part.unit == "person" else None
    rows = [
        {
            "label": label_of(fact),
            "unit": unit_of(fact),
            "now": words_of(fact, (part.now or {}).get(fact.name)),
            "last": words_of(fact, part.before.get(fact.name)),
            "differs": part.differs(fact.name),
            "remarked": (person, fact.name) in noted,
        }
        for fact in facts
        if any(side.get(fact.name) not in (None, "") for side in (part.now or {}, part.before))
    ]
    noted_rows = [row for row in rows if row["differs"] or row["remarked"] or not part.before_year]
    return {"noted": noted_rows, "alike": [row for row in rows if row not in noted_rows]}


def _places(whole: WholeYear) -> list[tuple[str, Any]]:
    """Where a remark may stand: the household or a member, as a whole or at a field."""
    return [
        (
            part.name or str(_("The household")),
            [(f"{part.name and part.id}:", _("As a whole"))]
            + [(f"{part.name and part.id}:{fact.name}", label_of(fact)) for fact in whole.facts[part.unit]],
        )
        for part in whole.parts
    ]


def _where(whole: WholeYear, remark: FieldRemark) -> str:
    """Where a remark stands, in words."""
    part = next((part for part in whole.members if part.id == remark.person_id), whole.own)
    field = next((label_of(fact) for fact in whole.facts[part.unit] if fact.name == remark.field), _("As a whole"))
    return f"{part.name or _('The household')} · {field}"


@requires(Permission.ROUND_VIEW)
@never_cache
@require_http_methods(["GET", "POST"])
def figures(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """The yearly form of the village."""
    who = actor(request)
    found = queries.submission_in_sight(who, submission_id)
    part, facts = register.village_year(found.village, found.round.data_year)
    context = village_context(who, found)
    remarks = queries.remarks_on(found, None)
    form = PartForm(part, facts, request.POST or None)
    errors = NO_ERRORS
    if request.method == "POST" and form.is_valid():
        state = EntryState.FILLED if request.POST.get("as") == EntryState.FILLED else EntryState.DRAFT
        try:
            actions.fill_village(by=who, submission=found.pk, values=form.cleaned_data, state=state)
        except UserError as error:
            if isinstance(error, PermissionRefused):
                raise
            errors = error.errors if isinstance(error, ManyErrors) else [error]
        else:
            messages.success(request, _("The figures of the village are kept: %(state)s.") % {"state": state.label})
            return redirect("rounds:village", found.pk)
    context |= {
        "lines": form.lines(remarks),
        "rows": rows_of(part, facts, remarks),
        "part": part,
        "errors": errors,
        "on_whole": [remark for remark in remarks if not remark.field],
        "remark_form": FieldRemarkForm(
            places=[(":", _("As a whole")), *((f":{fact.name}", label_of(fact)) for fact in facts)]
        ),
    }
    refused = bool(errors or form.errors)
    return render(request, "collection/rounds/figures.html", context, status=422 if refused else 200)
