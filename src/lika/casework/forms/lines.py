"""Forms with a line for every case under way. The lines are read by hand, for there may be hundreds of them."""

from abc import ABCMeta, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.forms.forms import DeclarativeFieldsMetaclass
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lika.casework.actions.given import LONGEST_TEXT
from lika.casework.actions.meetings import MOST_PERSONS
from lika.casework.actions.moving import Outcome
from lika.casework.choices import CaseState, StepResult
from lika.casework.models import Case
from lika.casework.queries.courses import CaseLine
from lika.core.forms import ActionForm
from lika.policy.queries.procedures import Procedure, ProcedureStage

Choice = tuple[str, Any]


@dataclass(frozen=True)
class Column:
    """What is entered for each case. With `choices` it is chosen, a `number` is counted, else it is written."""

    key: str
    label: Any
    choices: Sequence[Choice] = ()
    number: bool = False
    initial: str = ""
    longest: int = LONGEST_TEXT


@dataclass(frozen=True)
class Cell:
    """A column of one line: the name of its input, what stands there, what is wrong with it."""

    column: Column
    name: str
    value: str
    errors: Sequence[str]


@dataclass(frozen=True)
class Row:
    """A case with its inputs."""

    line: CaseLine
    cells: Sequence[Cell]


class _AbstractForm(DeclarativeFieldsMetaclass, ABCMeta):
    """A form that is made only where everything abstract of it is given."""


class CasesForm(ActionForm, metaclass=_AbstractForm):
    """A form with a line for every case under way."""

    def __init__(self, *args: Any, cases: Sequence[CaseLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = [each for each in cases if each.case.state == CaseState.OPEN]
        self._faults: dict[tuple[UUID, str], list[str]] = {}

    @property
    @abstractmethod
    def columns(self) -> Sequence[Column]:
        """What is entered for each case."""

    @abstractmethod
    def read(self, case: Case, told: Mapping[str, str]) -> None:
        """Take what was entered for one case; what is wrong goes to `fault`."""

    def fault(self, case: Case, key: str, message: str) -> None:
        """Say what is wrong with an input of a line."""
        self._faults.setdefault((case.pk, key), []).append(message)

    def clean(self) -> dict[str, Any]:
        """Read the lines: a case that joined the batch after the page was opened was never looked at."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.reads_lines(cleaned):
            return cleaned
        names = [column.key for column in self.columns]
        for line in self.lines:
            if not all(self._name(line, key) in self.data for key in names):
                self.fault(line.case, names[0], _now("This case joined the batch meanwhile."))
            else:
                self.read(line.case, {key: self.data[self._name(line, key)].strip() for key in names})
        if self._faults:
            told = _now("%(n)s entries need mending.") % {"n": len(self._faults)}
            remedy = _now("They are marked in the list of cases.")
            self.add_error(None, forms.ValidationError(told, params={"remedy": remedy}))
        return cleaned

    def reads_lines(self, _cleaned: Mapping[str, Any]) -> bool:
        """Whether the lines count at all."""
        return True

    @property
    def rows(self) -> list[Row]:
        """The lines with what was entered, else with what stands there at first."""
        columns = self.columns
        return [
            Row(
                line,
                [
                    Cell(
                        column,
                        self._name(line, column.key),
                        self.data.get(self._name(line, column.key), column.initial)
                        if self.is_bound
                        else self.begins(place, column),
                        self._faults.get((line.case.pk, column.key), ()),
                    )
                    for column in columns
                ],
            )
            for place, line in enumerate(self.lines, start=1)
        ]

    def begins(self, _place: int, column: Column) -> str:
        """What stands in an input of a line at first; the lines are counted from one."""
        return column.initial

    def counted(self, case: Case, told: Mapping[str, str], key: str) -> int:
        """A number that may be left empty for none."""
        try:
            number = int(told[key] or 0)
        except ValueError:
            number = -1
        if not 0 <= number <= MOST_PERSONS:
            self.fault(case, key, _now("Enter a whole number, from zero."))
        return number

    def _name(self, line: CaseLine, key: str) -> str:
        return f"{key}-{line.case.pk.hex}"


class OutcomesForm(CasesForm):
    """What becomes of each case. `outcomes` holds those that do not simply go on."""

    def __init__(self, *args: Any, procedure: Procedure, stage: ProcedureStage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stage, self._procedure = stage, procedure
        self.outcomes: dict[UUID, Outcome] = {}

    @property
    def columns(self) -> Sequence[Column]:
        """The result and its reason."""
        return (
            Column("result", _("What follows"), self.results(), initial=StepResult.PASSED),
            Column("reason", _("Reason")),
        )

    def results(self) -> list[Choice]:
        """What the procedure allows at this stage."""
        back = [
            (f"{StepResult.RETURNED}:{each}", _now("Back to: %(stage)s") % {"stage": self._procedure.stage(each).title})
            for each in self.stage.returns
        ]
        out = [(StepResult.STRUCK_OUT.value, _now("Strike out"))] if self.stage.strike_out else []
        skip = [(StepResult.SKIPPED.value, _now("Leave this stage out"))] if self.stage.optional else []
        return [(StepResult.PASSED.value, _now("Goes on")), *back, *out, *skip]

    def read(self, case: Case, told: Mapping[str, str]) -> None:
        """The result, and for all but going on its reason."""
        result, _mark, to = told["result"].partition(":")
        if told["result"] not in dict(self.results()):
            self.fault(case, "result", _now("Choose a result."))
            return
        if result == StepResult.PASSED:
            return
        if not told["reason"] or len(told["reason"]) > LONGEST_TEXT:
            self.fault(case, "reason", _now("Write the reason."))
        self.outcomes[case.pk] = Outcome(StepResult(result), to, told["reason"])
