"""What lies stored of a screening, checked: its verdict files byte by byte, and the current verdicts row by row.

One of the few modules that touch rows of persons; it logs nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lika.core.errors import UserError
from lika.engine.screening import verdict_files
from lika.engine.screening.verdicts import Verdicts, from_arrow, total_digest
from lika.engine.snapshots.layout import IDENTIFIED_UNITS, division_column, key_column
from lika.snapshots import storage
from lika.snapshots.choices import UnitKind
from lika.snapshots.files import altered, verdict_fault
from lika.snapshots.models import CurrentScreening, CurrentVerdict, Screening, VerdictFile
from lika.snapshots.reading import Reader, one_moment

# What is no result: neither met, not met nor unknown. It fits no verdict, so that it is found like any other change.
_NONSENSE = 2


def stored_faults(found: Screening) -> list[UserError]:
    """Everything stored of a screening that is not as it was written; empty when all is well.

    SCR-030 and SCR-031 (a verdict file is missing or altered), SCR-032 (a file that no screening wrote), SCR-033 (rows
    of current verdicts differ from their file, with how many and under which criteria), SCR-034 (the record of the
    files is not that of the screening).
    """
    files = list(found.files.order_by("unit_kind", "county"))
    damaged = {file.pk: fault for file in files if (fault := _file_fault(found, file)) is not None}
    return [
        *damaged.values(),
        *_strangers(found, files),
        *_record_faults(found, files),
        *_current_faults(found, files, damaged),
    ]


def _file_fault(found: Screening, file: VerdictFile) -> UserError | None:
    """A file is sound if its bytes are those that were hashed and its rows those that were digested."""
    fault = verdict_fault(found, file)
    return fault or (None if _read(found, file).digest == file.digest else altered(file))


def _read(found: Screening, file: VerdictFile) -> Verdicts:
    return verdict_files.read(storage.verdicts_of(found) / file.path, file.unit_kind, file.county)


def _record_faults(found: Screening, files: Iterable[VerdictFile]) -> Iterator[UserError]:
    """Whoever alters a file, its hash and its digest to match is found by the digest of the whole."""
    if total_digest((file.unit_kind, file.county, file.digest) for file in files) != found.digest:
        yield UserError(
            "SCR-034",
            _("The record of the verdict files does not give the digest of the screening."),
            remedy=_("Screen the snapshot again. Ask who changed the database."),
        )


def _strangers(found: Screening, files: Iterable[VerdictFile]) -> Iterator[UserError]:
    folder = storage.verdicts_of(found)
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    for path in sorted(present - {file.path for file in files}):
        yield UserError(
            "SCR-032",
            _("The file does not belong to the screening."),
            remedy=_("Ask who put it there; then remove it."),
            file=path,
        )


def _current_faults(
    found: Screening, files: Iterable[VerdictFile], damaged: Mapping[int, UserError]
) -> Iterator[UserError]:
    """The counties and units where the screening is current and its rows are not those that it gave."""
    criteria: dict[str, list[str]] = {}
    for item in found.criteria.order_by("position"):
        criteria.setdefault(item.unit_kind, []).append(item.criterion)
    with one_moment() as reader:
        current = reader.fetch(
            f"SELECT unit_kind, county::bigint AS county FROM {CurrentScreening._meta.db_table} "  # noqa: S608
            "WHERE screening_id = %(screening)s",
            {"screening": found.pk},
        ).to_pylist()
        pointed = {(row["unit_kind"], row["county"]) for row in current}
        for file in files:
            if (file.unit_kind, file.county) not in pointed:
                continue
            held = _rows(reader, found, file, criteria[file.unit_kind])
            if held.digest != file.digest:
                yield _differing(found, file, held, sound=file.pk not in damaged)


def _rows(reader: Reader, found: Screening, file: VerdictFile, criteria: Sequence[str]) -> Verdicts:
    """The current verdicts of a unit and county as the database holds them."""
    place = division_column(file.unit_kind)
    key = f", unit_id AS {key_column(file.unit_kind)}" if file.unit_kind in IDENTIFIED_UNITS else ""
    results = ", ".join(
        f"CASE WHEN cardinality(results) <> {len(criteria)} OR results[{position}] NOT IN (0, 1) THEN {_NONSENSE} "
        f'ELSE results[{position}] END AS "{name}"'
        for position, name in enumerate(criteria, start=1)
    )
    table = reader.fetch(
        f"SELECT village AS {place}{key}, {results} FROM {CurrentVerdict._meta.db_table} "  # noqa: S608 - our names
        "WHERE county = %(county)s AND pack_id = %(pack)s AND unit_kind = %(unit)s",
        {"county": file.county, "pack": found.pack_id, "unit": file.unit_kind},
    )
    rows = from_arrow(file.unit_kind, tuple(criteria), table)
    return rows.slice(file.county, 0, len(rows))


def _differing(found: Screening, file: VerdictFile, held: Verdicts, *, sound: bool) -> UserError:
    place = {"file": file.path, "division": f"{file.county:06d}"}
    remedy = _("Screen the snapshot again: its verdicts then replace what was changed. Ask who changed the database.")
    kind = UnitKind(file.unit_kind).label
    if not sound:
        message = _(
            "The current verdicts (%(unit)s) are not those of the screening; the file cannot tell which differ."
        )
        return UserError("SCR-033", message % {"unit": kind}, remedy=remedy, **place)
    said = _(", ").join(_told(_read(found, file), held))
    message = _("The current verdicts (%(unit)s) differ from the file: %(what)s.")
    return UserError("SCR-033", message % {"unit": kind, "what": said}, remedy=remedy, **place)


def _told(written: Verdicts, held: Verdicts) -> Iterator[str]:
    """How many rows are missing, added, elsewhere, and how many differ under each criterion."""
    before, after = _by_unit(written), _by_unit(held)
    both = sorted(before.keys() & after.keys())
    missing, added = len(before) - len(both), len(after) - len(both)
    first = np.array([before[unit] for unit in both], dtype=np.intp)
    second = np.array([after[unit] for unit in both], dtype=np.intp)
    moved = int((written.divisions[first] != held.divisions[second]).sum())
    if missing:
        yield ngettext("%(count)d row missing", "%(count)d rows missing", missing) % {"count": missing}
    if added:
        yield ngettext("%(count)d row added", "%(count)d rows added", added) % {"count": added}
    if moved:
        yield ngettext("%(count)d row moved", "%(count)d rows moved", moved) % {"count": moved}
    changed = (written.results[first] != held.results[second]).sum(axis=0).tolist()
    for criterion, count in zip(written.criteria, changed, strict=True):
        if count:
            yield f"{criterion} {count}"


def _by_unit(verdicts: Verdicts) -> dict[bytes, int]:
    """The position of each unit: by its UUID, or by the division that it is."""
    if verdicts.unit in IDENTIFIED_UNITS:
        raw = verdicts.ids.tobytes()
        return {raw[16 * at : 16 * at + 16]: at for at in range(len(verdicts))}
    return {code.to_bytes(16, "big"): at for at, code in enumerate(verdicts.divisions.tolist())}
