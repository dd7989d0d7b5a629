"""What may be wrong with a pack: one function per fault, each with a stable code and a place.

A fault is a line in the manner of compilers: `criteria/household.yaml:12:5: POL-009 …`. Messages are
made in the language of the moment: they are shown at once or not at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lika.core.errors import ManyErrors, UserError
from lika.engine.errors import EngineError, ExpressionError, FactsError


@dataclass(frozen=True)
class Place:
    """A file of a pack, and where in it (both from 1; None: the file as a whole)."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


class Fault(UserError):
    """One fault of a pack, with what was expected and the nearest known names."""

    def __init__(
        self, code: str, place: Place, message: str, *, expected: str = "", nearest: Iterable[str] = ()
    ) -> None:
        hints = []
        if expected:
            hints.append(_("Expected: %(expected)s.") % {"expected": expected})
        if near := ", ".join(nearest):
            hints.append(_("Did you mean: %(nearest)s?") % {"nearest": near})
        where = {"file": place.file, "line": place.line, "column": place.column}
        known = {name: value for name, value in where.items() if value is not None}
        super().__init__(code, message, remedy=" ".join(hints), **known)
        self.place = place

    def __str__(self) -> str:
        return f"{self.place}: {self.code} {self.message} {self.remedy}".rstrip()

    @property
    def order(self) -> tuple[str, int, int, str]:
        """Sorts faults as they are read: by file, line, column."""
        return (self.place.file, self.place.line or 0, self.place.column or 0, self.code)


class PackRefused(ManyErrors):
    """A pack with faults: all of them, in reading order."""

    def __init__(self, pack: str, faults: Iterable[Fault]) -> None:
        found = sorted({str(fault): fault for fault in faults}.values(), key=lambda fault: fault.order)
        super().__init__(
            "POL-001",
            _("The pack is refused; faults found: %(count)s.") % {"count": len(found)},
            found,
            remedy=_("Correct the files and check again: lika policy check."),
            pack=pack,
        )


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """At most two of the known names that look like one."""
    return get_close_matches(name, list(known), n=2, cutoff=0.6)


def _kind(kind: str) -> str:
    """What an item is called."""
    words = {
        "parameter": _("parameter"),
        "item": _("collected item"),
        "fact": _("derived fact"),
        "criterion": _("criterion"),
        "case": _("golden case"),
    }
    return words[kind]


# Files and YAML


def not_yaml(place: Place, problem: str) -> Fault:
    return Fault("POL-002", place, _("This is not YAML: %(problem)s.") % {"problem": problem.rstrip(".")})


def not_plain(place: Place) -> Fault:
    return Fault(
        "POL-003",
        place,
        _("Anchors, merges and keys other than words are not used in packs."),
        expected=_("plain YAML"),
    )


def double_key(place: Place, key: str) -> Fault:
    return Fault("POL-004", place, _("The key %(key)s stands here twice.") % {"key": key})


def odd_scalar(place: Place, text: str) -> Fault:
    return Fault(
        "POL-005",
        place,
        _("%(text)s can be read in two ways.") % {"text": text},
        expected=_("a number like 2736.10, a date like 2016-12-31, or text in quotes"),
    )


def too_deep(place: Place) -> Fault:
    return Fault("POL-002", place, _("This is not YAML of a pack: it is nested too deep."))


def no_such_day(place: Place, text: str) -> Fault:
    return Fault("POL-024", place, _("There is no day %(text)s.") % {"text": text}, expected="2016-12-31")


def not_utf_8(place: Place) -> Fault:
    return Fault("POL-025", place, _("The file is not UTF-8 text."), expected=_("a file saved as UTF-8"))


def file_empty(place: Place) -> Fault:
    return Fault("POL-026", place, _("The file is empty."), expected=_("- id: …, or [] where there is nothing"))


def number_too_long(place: Place, digits: int) -> Fault:
    return Fault(
        "POL-027",
        place,
        _("This number is longer than any that can be used."),
        expected=_("at most %(digits)s digits") % {"digits": digits},
    )


def comma_in_number(place: Place, rest: str) -> Fault:
    return Fault(
        "POL-028",
        place,
        _("The comma in a number ends it: YAML reads on with %(rest)s.") % {"rest": rest},
        expected=_("numbers without commas, like 50000.00"),
    )


def file_missing(place: Place) -> Fault:
    return Fault("POL-006", place, _("The file is missing."))


def file_unknown(place: Place, known: Iterable[str]) -> Fault:
    return Fault("POL-007", place, _("No pack has such a file."), expected=", ".join(known))


# Shape


def field_missing(place: Place, name: str) -> Fault:
    return Fault("POL-008", place, _("The field %(name)s is missing.") % {"name": name})


def field_unknown(place: Place, name: str, known: Iterable[str]) -> Fault:
    return Fault("POL-009", place, _("There is no field %(name)s here.") % {"name": name}, nearest=nearest(name, known))


def wrong_value(place: Place, name: str, expected: str) -> Fault:
    return Fault("POL-010", place, _("The value of %(name)s cannot be used.") % {"name": name}, expected=expected)


def wrong_choice(place: Place, name: str, value: str, known: Iterable[str]) -> Fault:
    known = list(known)
    return Fault(
        "POL-011",
        place,
        _("%(name)s cannot be %(value)s.") % {"name": name, "value": value},
        expected=", ".join(known),
        nearest=nearest(value, known),
    )


def wrong_folder(place: Place, pack_id: str, folder: str) -> Fault:
    return Fault(
        "POL-012",
        place,
        _("The pack is called %(id)s, but its folder is %(folder)s.") % {"id": pack_id, "folder": folder},
        expected=_("a folder path that ends with the id"),
    )


# Meaning


def double_id(place: Place, kind: str, item_id: str) -> Fault:
    return Fault("POL-013", place, _("The %(kind)s %(id)s is declared twice.") % {"kind": _kind(kind), "id": item_id})


def basis_without_content(place: Place, item_id: str) -> Fault:
    return Fault(
        "POL-014",
        place,
        _("%(id)s has nothing to judge by.") % {"id": item_id},
        expected=_("content, or basis: missing with a note that says what the document does not give"),
    )


def basis_with_content(place: Place, item_id: str) -> Fault:
    return Fault(
        "POL-015",
        place,
        _("%(id)s says that its basis is missing and yet has content.") % {"id": item_id},
        expected=_("no content, or another basis"),
    )


def note_missing(place: Place, item_id: str) -> Fault:
    return Fault(
        "POL-016",
        place,
        _("%(id)s needs a note: what is read into the document, or what it does not give.") % {"id": item_id},
        expected="note",
    )


def demo_outside(place: Place, item_id: str) -> Fault:
    return Fault(
        "POL-017",
        place,
        _("%(id)s sets a demonstration value in a pack that is not for demonstration.") % {"id": item_id},
        expected=_("demo: true in pack.yaml, or another basis"),
    )


def value_does_not_fit(place: Place, item_id: str, expected: str) -> Fault:
    return Fault("POL-018", place, _("The value does not fit the type of %(id)s.") % {"id": item_id}, expected=expected)


def double_date(place: Place, item_id: str) -> Fault:
    return Fault("POL-019", place, _("%(id)s has two values from the same day.") % {"id": item_id})


def list_unknown(place: Place, list_id: str, known: Iterable[str]) -> Fault:
    return Fault(
        "POL-020", place, _("There is no code list %(id)s.") % {"id": list_id}, nearest=nearest(list_id, known)
    )


def group_unknown(place: Place, group: str, known: Iterable[str]) -> Fault:
    known = list(known)
    return Fault(
        "POL-021",
        place,
        _("There is no group %(id)s.") % {"id": group},
        expected=", ".join(known),
        nearest=nearest(group, known),
    )


def measure_fields(place: Place, item_id: str) -> Fault:
    return Fault(
        "POL-022",
        place,
        _("%(id)s: a measure, and only a measure, has a label and the source of its statistics.") % {"id": item_id},
        expected=_("label and statistic with kind: measure, neither with another kind"),
    )


def name_taken(place: Place, name: str) -> Fault:
    return Fault("POL-023", place, _("The name %(name)s is taken.") % {"name": name}, expected=_("another name"))


# Inheritance


def base_missing(place: Place, reference: str, known: Iterable[str]) -> Fault:
    return Fault(
        "POL-030",
        place,
        _("There is no pack %(reference)s to extend.") % {"reference": reference},
        nearest=nearest(reference, known),
    )


def base_refused(place: Place, reference: str) -> Fault:
    return Fault(
        "POL-031", place, _("The pack %(reference)s has faults itself; check it first.") % {"reference": reference}
    )


def circle(place: Place, path: Iterable[str]) -> Fault:
    return Fault("POL-032", place, _("Packs extend each other in a circle: %(path)s.") % {"path": " → ".join(path)})


def override_of_nothing(place: Place, kind: str, item_id: str, known: Iterable[str]) -> Fault:
    return Fault(
        "POL-033",
        place,
        _("override: true, but no %(kind)s %(id)s is inherited.") % {"kind": _kind(kind), "id": item_id},
        nearest=nearest(item_id, known),
    )


def override_not_said(place: Place, kind: str, item_id: str, origin: str) -> Fault:
    return Fault(
        "POL-034",
        place,
        _("The %(kind)s %(id)s is inherited from %(origin)s.") % {"kind": _kind(kind), "id": item_id, "origin": origin},
        expected=_("override: true with the clause that allows it, or another id"),
    )


def override_changes_unit(place: Place, item_id: str, unit: str) -> Fault:
    return Fault(
        "POL-035",
        place,
        _("%(id)s is about another unit than the inherited one.") % {"id": item_id},
        expected=unit,
    )


def remove_of_nothing(place: Place, kind: str, item_id: str, known: Iterable[str]) -> Fault:
    return Fault(
        "POL-036",
        place,
        _("No %(kind)s %(id)s is inherited that could be removed.") % {"kind": _kind(kind), "id": item_id},
        nearest=nearest(item_id, known),
    )


def local_level(place: Place, item_id: str, levels: Iterable[str]) -> Fault:
    return Fault(
        "POL-038",
        place,
        _("%(id)s may not be set at the level of this pack.") % {"id": item_id},
        expected=", ".join(levels),
    )


def local_bounds(place: Place, item_id: str, origin: str, bounds: str) -> Fault:
    return Fault(
        "POL-039",
        place,
        _("The value of %(id)s lies outside what %(origin)s allows.") % {"id": item_id, "origin": origin},
        expected=bounds,
    )


def inherited_fails(place: Place, criterion: str, error: ExpressionError) -> Fault:
    return Fault(
        "POL-037",
        place,
        _("The inherited criterion %(id)s no longer holds: %(problem)s")
        % {"id": criterion, "problem": f"{error.code} {_spoken(error)}"},
    )


# Golden cases


def case_unknown_name(place: Place, kind: str, name: str, known: Iterable[str]) -> Fault:
    return Fault(
        "POL-040",
        place,
        _("There is no %(kind)s %(name)s in the resolved pack.") % {"kind": _kind(kind), "name": name},
        nearest=nearest(name, known),
    )


def case_other_unit(place: Place, criterion: str, unit: str) -> Fault:
    return Fault(
        "POL-041",
        place,
        _("The criterion %(id)s is about another unit than the case.") % {"id": criterion},
        expected=unit,
    )


def case_wrong(place: Place, criterion: str, engines: Iterable[str], expected: str, found: str) -> Fault:
    return Fault(
        "POL-042",
        place,
        _("%(id)s is %(found)s (engine: %(engines)s).")
        % {"id": criterion, "found": found, "engines": ", ".join(engines)},
        expected=expected,
    )


def case_lacking(place: Place, criterion: str, verdicts: Iterable[str]) -> Fault:
    return Fault(
        "POL-043",
        place,
        _("No golden case shows %(id)s: %(verdicts)s.") % {"id": criterion, "verdicts": ", ".join(verdicts)},
        expected=_("a case for each verdict"),
    )


def never_contradicted(place: Place, criterion: str, verdict: str, case: str) -> Fault:
    return Fault(
        "POL-044",
        place,
        _("%(id)s is said never to be %(verdict)s, but the case %(case)s is.")
        % {"id": criterion, "verdict": verdict, "case": case},
        expected=_("never without that verdict"),
    )


# Where and when the pack rules


def validity_reversed(place: Place) -> Fault:
    return Fault("POL-045", place, _("The validity ends before it begins."), expected=_("a day not before from"))


def no_such_area(place: Place, code: str) -> Fault:
    return Fault(
        "POL-046",
        place,
        _("No division has the code %(code)s.") % {"code": code},
        expected=_("an official code, like '620000'"),
    )


def area_outside_base(place: Place, reference: str, area: str) -> Fault:
    return Fault(
        "POL-047",
        place,
        _("The jurisdiction lies outside that of %(reference)s, which this pack extends.") % {"reference": reference},
        expected=_("a division within %(area)s") % {"area": area},
    )


def validity_outside_base(place: Place, reference: str, days: str) -> Fault:
    return Fault(
        "POL-048",
        place,
        _("The pack is valid longer than %(reference)s, which it extends.") % {"reference": reference},
        expected=_("days within %(days)s") % {"days": days},
    )


# SOURCES.md


def row_not_understood(place: Place) -> Fault:
    return Fault(
        "POL-080",
        place,
        _("This row is not understood."),
        expected="| T §1 | … | `criteria/….yaml`: id, id; `parameters.yaml`: id | — "
        "| not software | — | not yet in this pack: … | — | not in the sources: … |",
    )


def clause_twice(place: Place, clause: str) -> Fault:
    return Fault("POL-081", place, _("The clause %(clause)s has two rows.") % {"clause": clause})


def source_file_missing(place: Place, file: str) -> Fault:
    return Fault("POL-082", place, _("The pack has no file %(file)s.") % {"file": file})


def source_id_unknown(place: Place, file: str, item_id: str, known: Iterable[str]) -> Fault:
    return Fault(
        "POL-083",
        place,
        _("%(file)s declares no %(id)s.") % {"file": file, "id": item_id},
        nearest=nearest(item_id, known),
    )


def source_other_clause(place: Place, item_id: str, clause: str) -> Fault:
    return Fault(
        "POL-084",
        place,
        _("%(id)s cites another clause.") % {"id": item_id},
        expected=_("the row of %(clause)s") % {"clause": clause},
    )


def clause_without_row(place: Place, clause: str, known: Iterable[str]) -> Fault:
    return Fault(
        "POL-085",
        place,
        _("SOURCES.md has no row for the clause %(clause)s.") % {"clause": clause},
        nearest=nearest(clause, known),
    )


def item_without_row(place: Place, item_id: str, clause: str) -> Fault:
    return Fault(
        "POL-086",
        place,
        _("SOURCES.md does not name %(id)s in the row of %(clause)s.") % {"id": item_id, "clause": clause},
    )


# What the engine refuses keeps the engine's code.


def expression(place: Place, error: ExpressionError) -> Fault:
    return Fault(error.code, place, _spoken(error), expected=", ".join(error.expected), nearest=error.nearest)


def facts(place: Place, error: FactsError) -> Fault:
    return Fault(error.code, place, _spoken(error), nearest=error.nearest)


def _spoken(error: EngineError) -> str:
    return error.message(get_language() or "zh-hans")
