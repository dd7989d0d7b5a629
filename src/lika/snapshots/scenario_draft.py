"""A scenario as a draft pack: a folder below that of other packs, or a ZIP of it. Nothing is loaded by it."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from lika.core.errors import UserError
from lika.policy import queries as policy
from lika.policy.drafting import draft_files
from lika.snapshots.models import Scenario
from lika.snapshots.queries.screenings import scenario_pack


def scenario_files(scenario: Scenario, *, pack_id: str, version: str) -> dict[str, str]:
    """The files of the draft: what differs from the stored version under the scenario's base.

    Raises POL-051, SCR-006, POL-124, POL-125.
    """
    stored = policy.get(scenario.base.pack).pack()
    changed = scenario_pack(scenario)
    return draft_files(stored, changed, pack_id=pack_id, version=version, name=scenario.name, reason=scenario.reason)


def zipped(pack_id: str, files: Mapping[str, str]) -> bytes:
    """The files as a ZIP, below a folder of the pack's id."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            packed.writestr(f"{pack_id}/{name}", text)
    return out.getvalue()


def write_draft(out: Path, pack_id: str, files: Mapping[str, str]) -> Path:
    """Write the files to `out`/`pack_id`, or into a ZIP; the folder, or the folder's name inside the ZIP.

    Raises SCR-069 where something lies there already: a draft that somebody worked on is not written over.
    """
    is_zip = out.suffix == ".zip"
    folder = out if is_zip else out / pack_id
    if folder.exists():
        raise UserError(
            "SCR-069",
            _("Something lies there already: %(path)s") % {"path": folder},
            remedy=_("Name another folder, or another id for the draft."),
        )
    if is_zip:
        out.parent.mkdir(parents=True, exist_ok=True)
        with out.open("xb") as target:
            target.write(zipped(pack_id, files))
        return Path(pack_id)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
