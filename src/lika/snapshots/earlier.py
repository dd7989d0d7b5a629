"""An earlier screening to build on: what of it still holds is taken over, not worked out a second time.

Nothing of it is believed: a verdict file counts only with its hash and its digest, its sums are counted from it again,
and a screening whose record of files does not give its digest is not built on at all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path
from uuid import UUID

import numpy as np

from lika.core.errors import UserError
from lika.engine.screening import stored, verdict_files
from lika.engine.screening.rollups import LEVEL_OF_UNIT, Combination, LevelCounts
from lika.engine.screening.run import Taken, VerdictPart, read_back
from lika.engine.screening.verdicts import total_digest
from lika.engine.snapshots.layout import file_path
from lika.engine.snapshots.manifest import Manifest, sha256_of_file
from lika.snapshots import storage
from lika.snapshots.files import manifest_of
from lika.snapshots.models import Screening
from lika.snapshots.planning import Prepared

#: So many earlier screenings are tried: where all of them are damaged, the operator has more to do than to wait.
_MOST = 5


@dataclass(frozen=True, eq=False)
class Earlier:
    """The results of `screening`, as `screen_again` reads them. `source` is the folder of the snapshot at hand."""

    screening: Screening
    inputs: Mapping[str, str]
    prepared: Prepared
    source: Path
    _taken: dict[tuple[str, int], Taken] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where its verdict files lie."""
        return storage.verdicts_of(self.screening)

    @property
    def identity(self) -> str:
        """What its verdicts rest on besides the rows."""
        return self.screening.rests_on

    @cached_property
    def parts(self) -> Mapping[tuple[str, int], VerdictPart]:
        """Its parts by unit and county."""
        return {
            (file.unit_kind, file.county): VerdictPart(
                file.unit_kind, file.county, file.total, file.digest, file.sha256
            )
            for file in self.screening.files.all()
        }

    def file(self, part: VerdictPart) -> Path | None:
        """Where the verdict file of a part lies; None where its bytes or its verdicts are not those recorded.

        Called only for what rests on unchanged files of the snapshot, so persons are read from the one at hand.
        """
        path = self.folder / file_path(part.unit, part.county)
        if not path.is_file() or sha256_of_file(path) != part.sha256:
            return None
        try:
            taken = read_back(self.source, part.unit, self.prepared.plan, self.folder, part.county)
        except verdict_files.VerdictFileError:
            return None
        if (taken.part.total, taken.part.digest) != (part.total, part.digest):
            return None
        self._taken[part.unit, part.county] = taken
        return path

    def counts(self, unit: str, criteria: tuple[str, ...], counties: Collection[int]) -> LevelCounts:
        """Counted from the files that `file` found whole, not read from the stored sums."""
        found = [self._taken[unit, county].counts for county in sorted(counties)]
        divisions, met, not_met, unknown = (
            np.concatenate([getattr(counts, name) for counts in found])
            for name in ("divisions", "met", "not_met", "unknown")
        )
        return LevelCounts(unit, LEVEL_OF_UNIT[unit], criteria, divisions, met, not_met, unknown)

    def combinations(self, counties: Collection[int]) -> list[Combination]:
        """As `counts`."""
        taken = (self._taken["household", county].combinations for county in sorted(counties))
        return list(chain.from_iterable(taken))


#: Screenings that could not be built on, each with the code of what is wrong with it or its snapshot.
PassedOver = tuple[tuple[UUID, str], ...]


def earlier_of(manifest: Manifest, prepared: Prepared, source: Path) -> tuple[Earlier | None, PassedOver]:
    """The newest screening that rests on the same but for rows, and whose record and snapshot are whole, None where
    there is none; and the newer ones that were not whole: at most so many are looked at as `_MOST`."""
    identity = stored.identity(manifest, prepared.checked, prepared.plan)
    passed: list[tuple[UUID, str]] = []
    for found in Screening.objects.filter(rests_on=identity).select_related("snapshot")[:_MOST]:
        try:
            inputs = {entry.path: entry.sha256 for entry in manifest_of(found.snapshot).files}
        except UserError as error:
            passed.append((found.pk, error.code))
            continue
        earlier = Earlier(found, inputs, prepared, source)
        record = total_digest((unit, county, part.digest) for (unit, county), part in earlier.parts.items())
        if record == found.digest:
            return earlier, tuple(passed)
        passed.append((found.pk, "SCR-031"))
    return None, tuple(passed)
