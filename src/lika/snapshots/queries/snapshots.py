"""Reads of snapshots: which there are, and whether one is as it was taken."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.errors import ManyErrors, NotFound, UserError
from lika.engine.snapshots.folder import Finding, verify
from lika.snapshots import storage
from lika.snapshots.files import DAMAGES
from lika.snapshots.models import Snapshot


def touching(area: Area, *, division: str = "division", last: str = "last") -> Q:
    """The condition that an area, given by its first and last code, shares something with another."""
    condition = Q(pk__in=[])
    for low, high in area.ranges:
        condition |= Q(**{f"{division}__lte": high, f"{last}__gte": low})
    return condition


def list_snapshots(by: Actor) -> QuerySet[Snapshot]:
    """The snapshots of areas that share something with the actor's, newest first."""
    return Snapshot.objects.filter(touching(by.area))


def get_snapshot(by: Actor, identifier: str) -> Snapshot:
    """One of them. Raises SNP-020 where there is none."""
    found = list_snapshots(by).filter(pk=identifier).first()
    if found is None:
        raise NotFound(
            "SNP-020",
            _("There is no snapshot %(id)s in your area.") % {"id": identifier[:40]},
            remedy=_("`lika snapshot list` shows all snapshots."),
        )
    return found


def findings(found: Snapshot) -> tuple[Finding, ...]:
    """Everything in a snapshot that is not as it was taken; empty when all is well."""
    return verify(storage.folder_of(found), found.manifest_sha256)


def refuse_altered(found: Snapshot) -> None:
    """Raise SNP-007 with every damage (SNP-001 … SNP-006) and its file, unless the snapshot is as it was taken."""
    errors = []
    for finding in findings(found):
        code, message = DAMAGES[finding.damage]
        errors.append(UserError(code, message, file=finding.path))
    if errors:
        raise ManyErrors(
            "SNP-007",
            _("The snapshot %(id)s is not as it was taken.") % {"id": found.pk},
            errors,
            remedy=_("Restore its folder from a backup, or take a new snapshot."),
        )
