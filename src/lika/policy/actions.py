"""Loading packs and making one version of a pack the active one."""

from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from lika.core import audit
from lika.core.actors import Actor
from lika.core.audit import Change
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.divisions import sources
from lika.policy import queries
from lika.policy.models import PackVersion
from lika.policy.packs.checking import check_folder
from lika.policy.packs.resolved import ResolvedItem, ResolvedPack

SUBJECT = "pack"


def load(*, by: Actor, path: Path) -> PackVersion:
    """Check a pack's folder, golden cases included, and keep it as an immutable version.

    The same version with the same content is returned as it is, its cases not run again. A pack it extends is
    taken as it was loaded, else from its folder. Raises `PackRefused` (POL-001), `PermissionRefused`, and UserError
    POL-060 where the version is loaded with other content, POL-061 where a loaded pack declares one of its items
    otherwise.
    """
    by.require(Permission.POLICY_MANAGE)
    pack = check_folder(path, stored=queries.stored, with_cases=False).accepted()
    by.require(Permission.POLICY_MANAGE, division=_ruled_today(pack.jurisdiction))
    if (known := _known(pack)) is not None:
        return known
    pack = check_folder(path, stored=queries.stored).accepted()
    _refuse_other_meaning(pack)
    with transaction.atomic():
        row = PackVersion.objects.create(
            pack_id=pack.id,
            version=pack.version,
            sha256=pack.sha256,
            canonical=pack.canonical,
            title_zh=pack.title.zh,
            title_en=pack.title.en,
            jurisdiction=pack.jurisdiction,
            valid_from=pack.valid.first,
            valid_to=pack.valid.last,
            base=pack.base or "",
            demo=pack.demo,
            loaded_by=by.name,
        )
        new = {"sha256": pack.sha256, "base": pack.base}
        audit.record(by=by, action="policy.load", change=Change(SUBJECT, row.id, label=row.reference, new=new))
    return row


def activate(*, by: Actor, reference: str) -> PackVersion:
    """Make a loaded version (`id@version`) the one that `id` alone stands for.

    A bare id stands for the version loaded last. Raises `PermissionRefused` and NotFound (POL-051).
    """
    by.require(Permission.POLICY_MANAGE)
    with transaction.atomic():
        pack_id, _at, version = reference.partition("@")
        rows = list(PackVersion.objects.select_for_update().filter(pack_id=pack_id).order_by("-loaded_at"))
        chosen = next((row for row in rows if not version or row.version == version), None)
        if chosen is None:
            return queries.get(reference)  # raises, naming what is near
        by.require(Permission.POLICY_MANAGE, division=_ruled_today(chosen.jurisdiction))
        before = next((row for row in rows if row.active), None)
        if before == chosen:
            return chosen
        if before is not None:
            before.active = False
            before.save(update_fields=["active"])
        chosen.active = True
        chosen.save(update_fields=["active"])
        change = Change(
            SUBJECT,
            chosen.id,
            label=chosen.reference,
            old={"active": before.reference if before else None},
            new={"active": chosen.reference},
        )
        audit.record(by=by, action="policy.activate", change=change)
    return chosen


def _ruled_today(jurisdiction: str) -> str:
    """The code that stands for a jurisdiction now: of a county that a change has ended, its successor."""
    return sources.with_successors(jurisdiction)[-1]


def _refuse_other_meaning(pack: ResolvedPack) -> None:
    """Collected values are kept by the item's id: an id, and a heading, mean one thing in the whole register."""
    if not pack.items:
        return
    for row in PackVersion.objects.exclude(pack_id=pack.id, version=pack.version):
        for known in row.pack().items:
            for item in pack.items:
                if item.unit == known.unit and _clash(item, known):
                    raise UserError(
                        "POL-061",
                        _("The item %(id)s (%(zh)s) is collected otherwise by the loaded pack %(pack)s.")
                        % {"id": item.id, "zh": item.zh, "pack": row.reference},
                        remedy=_("Declare it alike, or give it an id and a heading of its own."),
                        pack=pack.reference,
                    )


def _clash(item: ResolvedItem, known: ResolvedItem) -> bool:
    same = (item.id == known.id, item.zh == known.zh, item.en == known.en)
    kind = (item.type, item.places, item.codes) != (known.type, known.places, known.codes)
    return any(same) and (not all(same) or kind)


def _known(pack: ResolvedPack) -> PackVersion | None:
    """The version as it is loaded already; refused (POL-060) where its content is another."""
    known = PackVersion.objects.filter(pack_id=pack.id, version=pack.version).first()
    if known is not None and known.sha256 != pack.sha256:
        raise UserError(
            "POL-060",
            _("The version %(reference)s is loaded already, with other content.") % {"reference": pack.reference},
            remedy=_("A loaded version never changes: give the pack a new version."),
            pack=pack.reference,
        )
    return known
