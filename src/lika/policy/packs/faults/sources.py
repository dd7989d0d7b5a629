"""What is wrong with `SOURCES.md`, clause by clause."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from lika.policy.packs.faults.base import Fault, Place, nearest


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


def words_twice(place: Place, clause: str) -> Fault:
    return Fault("POL-087", place, _("clauses.yaml has two entries for %(clause)s.") % {"clause": clause})


def clause_without_words(place: Place, clause: str) -> Fault:
    return Fault("POL-088", place, _("clauses.yaml has no entry for the clause %(clause)s.") % {"clause": clause})


def fate_without_note(place: Place, clause: str) -> Fault:
    return Fault(
        "POL-089",
        place,
        _("The entry of %(clause)s does not say what is open.") % {"clause": clause},
        expected="note: {zh: …, en: …}",
    )
