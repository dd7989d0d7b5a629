"""The papers kept with the stages that some cases went through: their own, and those of their batches."""

from collections.abc import Iterable
from uuid import UUID

from lika.casework.models import Evidence, Step
from lika.core.actors import Actor
from lika.register.queries import DocumentView, matter_documents


def kept_papers(by: Actor, cases: Iterable[UUID], village: int) -> list[tuple[Evidence, DocumentView]]:
    """What counts among the papers of the stages at which something was done on the cases, in the order of keeping.

    Three queries. Raises ACC-001.
    """
    wanted = set(cases)
    seen = set(Step.objects.filter(case__in=wanted).values_list("batch", "stage"))
    rows = [
        row
        for row in Evidence.objects.filter(batch__in={batch for batch, _stage in seen}).select_related("case")
        if (row.batch_id, row.stage) in seen and (row.case_id is None or row.case_id in wanted)
    ]
    matters = {row.matter for row in rows}
    views = {view.id: view for view in matter_documents(by=by, matters=matters, village=village) if view.counts}
    return [(row, views[row.document_id]) for row in rows if row.document_id in views]
