"""Forms of stages: decisions, meetings, surveys, answers of households, papers."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lika.casework.actions.consents import Answer
from lika.casework.actions.decisions import LONGEST_DOCUMENT, WITH_OPINION, Said
from lika.casework.actions.evidence import uploadable
from lika.casework.actions.given import LONGEST_NAME, LONGEST_TEXT
from lika.casework.actions.meetings import LONGEST_PLACE, MOST_PERSONS, Ballot, Held
from lika.casework.actions.moving import Outcome
from lika.casework.actions.surveys import Finding, Visit
from lika.casework.choices import CaseState, HouseholdAnswer, Manner
from lika.casework.forms.lines import CasesForm, Column, OutcomesForm
from lika.casework.models import Case
from lika.casework.queries.courses import CaseLine
from lika.core.forms import ActionForm, DayField
from lika.core.media import MediaType
from lika.policy.choices import Paper, StageKind
from lika.policy.queries.procedures import ProcedureStage

_POSITION = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,，]\s*(-?\d+(?:\.\d+)?)\s*")


class DecideForm(OutcomesForm):
    """A decision on a batch: all go on but those it names. What the stage does not ask for is not shown."""

    seen_at = forms.CharField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Opinion"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    body = forms.CharField(label=_("Evaluating body"), max_length=LONGEST_DOCUMENT)
    document = forms.CharField(label=_("Number of the document or report"), max_length=LONGEST_DOCUMENT, required=False)
    dated_on = DayField(label=_("Dated"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_at"].initial = self.stage.id
        evaluates, has_opinion = self.stage.kind is StageKind.EVALUATION, self.stage.kind in WITH_OPINION
        self.fields["text"].required = has_opinion
        self.fields["document"].required = evaluates
        if not evaluates:
            del self.fields["body"]
        if not has_opinion:
            del self.fields["document"], self.fields["dated_on"]

    def said(self) -> Said:
        """What the office wrote."""
        given = self.cleaned_data
        return Said(given["text"], given.get("body", ""), given.get("document", ""), given.get("dated_on"))


class MeetingForm(OutcomesForm):
    """A meeting as it was held, and its vote on every case. Below the quorum the votes are not read."""

    held_on = DayField(label=_("Day of the meeting"))
    place = forms.CharField(label=_("Place of the meeting"), max_length=LONGEST_PLACE)
    chair = forms.CharField(label=_("Chair"), max_length=LONGEST_NAME)
    recorder = forms.CharField(label=_("Recorder"), max_length=LONGEST_NAME)
    expected = forms.IntegerField(label=_("Entitled to vote"), min_value=1, max_value=MOST_PERSONS)
    attended = forms.IntegerField(label=_("Of these attended"), min_value=0, max_value=MOST_PERSONS)
    party_members = forms.IntegerField(
        label=_("Party members without a vote"), min_value=0, max_value=MOST_PERSONS, required=False
    )
    committee_members = forms.IntegerField(
        label=_("Members of the committees without a vote"), min_value=0, max_value=MOST_PERSONS, required=False
    )
    team_members = forms.IntegerField(
        label=_("Members of the resident team"), min_value=0, max_value=MOST_PERSONS, required=False
    )
    others = forms.IntegerField(label=_("Others"), min_value=0, max_value=MOST_PERSONS, required=False)
    agenda = forms.CharField(label=_("Agenda"), max_length=LONGEST_TEXT, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ordered: list[tuple[int, UUID, Ballot]] = []

    @property
    def columns(self) -> Sequence[Column]:
        """The order that the meeting fixed, the votes, the result."""
        result, reason = super().columns
        return (
            Column("order", _("Order"), number=True),
            Column("in_favour", _("For"), number=True),
            Column("against", _("Against"), number=True),
            Column("abstained", _("Abstained"), number=True),
            result,
            reason,
        )

    def begins(self, place: int, column: Column) -> str:
        """The order is the one in which the cases stand."""
        return str(place) if column.key == "order" else column.initial

    def reads_lines(self, cleaned: Mapping[str, Any]) -> bool:
        """A meeting below its quorum decides nothing."""
        expected, attended = cleaned.get("expected"), cleaned.get("attended")
        if self.stage.quorum is None or not expected or attended is None:
            return True
        return Decimal(attended) / Decimal(expected) >= self.stage.quorum

    def read(self, case: Case, told: Mapping[str, str]) -> None:
        """A ballot."""
        super().read(case, told)
        if not told["in_favour"]:
            self.fault(case, "in_favour", _now("Enter the votes."))
        keys = ("order", "in_favour", "against", "abstained")
        order, in_favour, against, abstained = (self.counted(case, told, key) for key in keys)
        outcome = self.outcomes.get(case.pk, Outcome())
        self._ordered.append((order, case.pk, Ballot(in_favour, against, abstained, outcome)))

    @property
    def ballots(self) -> dict[UUID, Ballot]:
        """The ballots in the order that the meeting fixed."""
        return {pk: ballot for _order, pk, ballot in sorted(self._ordered, key=lambda each: each[0])}

    def held(self) -> Held:
        """The meeting."""
        given: dict[str, Any] = {name: self.cleaned_data[name] for name in self.fields}
        counted: dict[str, Any] = {name: 0 if value is None else value for name, value in given.items()}
        return Held(**counted)


class SurveyFormForm(CasesForm):
    """What two surveyors found; a case that nothing is chosen for is left for another visit."""

    surveyor = forms.CharField(label=_("Surveyor"), max_length=LONGEST_NAME)
    second_surveyor = forms.CharField(label=_("Second surveyor"), max_length=LONGEST_NAME)
    surveyed_on = DayField(label=_("Day of the visit"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.findings: dict[UUID, Finding] = {}

    @property
    def columns(self) -> Sequence[Column]:
        """What was found, photographs, where."""
        found = (("", _now("Not visited")), ("same", _now("As registered")), ("differs", _now("Differs")))
        return (
            Column("found", _("Finding"), found),
            Column("remark", _("What differs")),
            Column("photographs", _("Photographs taken"), number=True),
            Column("position", _("Latitude, longitude"), longest=40),
        )

    def read(self, case: Case, told: Mapping[str, str]) -> None:
        """One form."""
        if told["found"] not in ("same", "differs"):
            return
        if told["found"] == "differs" and not told["remark"]:
            self.fault(case, "remark", _now("Write what differs."))
        place = _POSITION.fullmatch(told["position"])
        if told["position"] and place is None:
            self.fault(case, "position", _now("Two numbers with a comma between, such as 23.1342, 106.4170."))
        self.findings[case.pk] = Finding(
            told["found"] == "same", told["remark"], self.counted(case, told, "photographs"),
            _degrees(place, 1), _degrees(place, 2),
        )  # fmt: skip

    def visit(self) -> Visit:
        """Who went, and when."""
        return Visit(**{name: self.cleaned_data[name] for name in self.fields})


def _degrees(found: re.Match[str] | None, group: int) -> Decimal | None:
    try:
        return None if found is None else round(Decimal(found[group]), 6)
    except InvalidOperation:
        return None


class AnswersForm(CasesForm):
    """What households said before a witness; one that nothing is chosen for was not asked."""

    heard_on = DayField(label=_("Day on which they were asked"))
    heard_by = forms.CharField(label=_("Asked by"), max_length=LONGEST_NAME)
    witness = forms.CharField(label=_("Witness"), max_length=LONGEST_NAME)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._given: dict[UUID, tuple[HouseholdAnswer, Manner | None, str]] = {}

    @property
    def columns(self) -> Sequence[Column]:
        """The answer with how it was given, and what was said besides."""
        pairs = [
            (HouseholdAnswer.AGREED, Manner.SIGNATURE), (HouseholdAnswer.AGREED, Manner.HANDPRINT),
            (HouseholdAnswer.REFUSED, Manner.SPOKEN), (HouseholdAnswer.REFUSED, Manner.SIGNATURE),
            (HouseholdAnswer.REFUSED, Manner.HANDPRINT),
        ]  # fmt: skip
        said = [(f"{answer}:{manner}", f"{answer.label} · {manner.label}") for answer, manner in pairs]
        absent = (f"{HouseholdAnswer.ABSENT}:", HouseholdAnswer.ABSENT.label)
        return (
            Column("answer", _("Answer"), [("", _now("Not asked yet")), *said, absent]),
            Column("remark", _("Why not, or what was said")),
        )

    def read(self, case: Case, told: Mapping[str, str]) -> None:
        """One answer."""
        if told["answer"] not in dict(self.columns[0].choices):
            self.fault(case, "answer", _now("Choose an answer."))
            return
        if not told["answer"]:
            return
        answer, _mark, manner = told["answer"].partition(":")
        if answer == HouseholdAnswer.REFUSED and not told["remark"]:
            self.fault(case, "remark", _now("Write the reason."))
        self._given[case.pk] = (HouseholdAnswer(answer), Manner(manner) if manner else None, told["remark"])

    @property
    def answers(self) -> dict[UUID, Answer]:
        """The answers that were entered."""
        given = self.cleaned_data
        return {
            pk: Answer(answer, given["heard_on"], given["heard_by"], given["witness"], manner, remark)
            for pk, (answer, manner, remark) in self._given.items()
        }


class LeaveOutForm(ActionForm):
    """Why an optional stage is left out for the whole batch."""

    seen_at = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_TEXT)


class WithdrawEvidenceForm(ActionForm):
    """Why a file counts no more."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_TEXT)


class CaseSelect(forms.Select):
    """A choice among the cases of a batch; Django's sets each of hundreds of options by a template of its own."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The element with its options."""
        chosen = str(value or "")
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, mark_safe(" selected") if key == chosen else "", label) for key, label in self.choices),
        )
        given = flatatt(self.build_attrs({**self.attrs, "name": name}, attrs))
        return format_html("<select{}>{}</select>", given, options)


class EvidenceForm(ActionForm):
    """A photograph taken now, or a file that is there; which paper of the stage it is, and of which case."""

    paper = forms.ChoiceField(label=_("Which paper"))
    case = forms.ChoiceField(label=_("Of which case"), required=False, widget=CaseSelect)
    file = forms.FileField(
        label=_("Photograph or file"),
        help_text=_("JPEG, PNG, WebP or PDF"),
        widget=forms.FileInput(attrs={"accept": ",".join(("image/*", *MediaType))}),
    )
    dated_on = DayField(label=_("Dated"), required=False)

    def __init__(self, *args: Any, stage: ProcedureStage, cases: Sequence[CaseLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        papers = [(each.value, each.label) for each in uploadable(stage)]
        cast(forms.ChoiceField, self.fields["paper"]).choices = papers
        named = [(str(each.case.pk), each.label) for each in cases if each.case.state == CaseState.OPEN]
        cast(forms.ChoiceField, self.fields["case"]).choices = [("", _now("Of the whole batch")), *named]

    def given(self) -> dict[str, Any]:
        """What `actions.evidence.add_evidence` asks for."""
        said = self.cleaned_data
        content = cast(UploadedFile, said["file"]).read()
        case = UUID(said["case"]) if said["case"] else None
        return {"paper": Paper(said["paper"]), "case": case, "dated_on": said["dated_on"], "content": content}
