"""Verifying a screening: what lies stored is as it was written, and the same snapshot and pack give the same digest.

Years later, and by either engine.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from lika.core.errors import NotFound, UserError
from lika.engine.screening.checking import Comparison, compare
from lika.engine.screening.engines import with_reference
from lika.engine.screening.run import screen as run
from lika.engine.screening.run import summed_again
from lika.engine.snapshots import manifest as manifests
from lika.policy.packs.resolved import ResolvedPack
from lika.snapshots import storage
from lika.snapshots.actions.screenings import run_over
from lika.snapshots.choices import Engine
from lika.snapshots.models import Screening, Snapshot
from lika.snapshots.planning import prepare
from lika.snapshots.queries import snapshots as reads
from lika.snapshots.queries.screenings import same_pack
from lika.snapshots.stored import stored_faults
from lika.snapshots.stored_sums import sum_faults

# A snapshot of so few persons is worked whole by the reference engine; of a larger one, this many villages.
WHOLE_UP_TO = 5_000
SAMPLE_VILLAGES = 20
# A verdict file that is missing or altered.
UNUSABLE = frozenset({"SCR-030", "SCR-031"})


@dataclass(frozen=True)
class Verification:
    """What a re-run gave and what lies stored. `comparison` is set where the reference engine worked a sample."""

    screening: Screening
    engine: Engine
    digest: str | None
    faults: tuple[UserError, ...] = ()
    comparison: Comparison | None = None

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        if self.faults:
            return False
        if self.comparison is not None and self.comparison.differences:
            return False
        return self.digest is None or self.digest == self.screening.digest


def latest_screening(snapshot: Snapshot, pack: ResolvedPack, *, what_if: bool) -> Screening:
    """The newest screening of a snapshot by exactly this pack. Raises SCR-005 where there is none."""
    found = Screening.objects.filter(
        snapshot=snapshot, pack_id=pack.id, pack_version=pack.version, pack_sha256=pack.sha256, what_if=what_if
    ).first()
    if found is None:
        raise NotFound(
            "SCR-005",
            _("The snapshot %(id)s was not screened by %(pack)s.") % {"id": snapshot.pk, "pack": pack.reference},
            remedy=_("Run it first, without --verify."),
        )
    return found


def verify(screening: Screening, engine: Engine = Engine.DUCKDB, *, cluster: str | None = None) -> Verification:
    """Check what is stored of a screening and run it again, writing nothing; by Spark with the address of a `cluster`.

    The stored sums are compared with those of the verdict files; beside a damaged one there is nothing to sum.
    Raises SNP-007 (altered snapshot), POL-051 (the pack's version is gone), SCR-006 (it is another pack than was run),
    ENG-100 … ENG-104 (of Spark).
    """
    snapshot = screening.snapshot
    reads.refuse_altered(snapshot)
    folder = storage.folder_of(snapshot)
    manifest = manifests.read(folder)
    prepared = prepare(same_pack(screening.pack, screening.pack_sha256), snapshot, manifest, what_if=screening.what_if)
    faults = tuple(stored_faults(screening))
    stored = storage.verdicts_of(screening)
    usable = not any(fault.code in UNUSABLE for fault in faults)
    if usable:
        faults += tuple(sum_faults(screening, summed_again(folder, manifest, prepared.plan, stored)))
    if engine != Engine.REFERENCE:
        again = run_over(folder, manifest, prepared, cluster=cluster)
        return Verification(screening, engine, again.digest, faults)
    if snapshot.persons <= WHOLE_UP_TO:
        outcome = run(folder, manifest, prepared.checked, prepared.plan, engine=with_reference)
        return Verification(screening, engine, outcome.digest, faults)
    if not usable:  # there is nothing to compare a sample with
        return Verification(screening, engine, None, faults)
    found = compare(folder, manifest, prepared.checked, prepared.plan, stored, villages=SAMPLE_VILLAGES)
    return Verification(screening, engine, None, faults, found)
