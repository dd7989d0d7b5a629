"""What official papers name as their basis: a document, as people know it."""

from lika.policy import queries as policy
from lika.policy.queries.procedures import Procedure, ProcedureStage


def basis_of(procedure: Procedure, stage: ProcedureStage) -> str:
    """The document whose clause lays a stage down, by its title.

    Where the clause lies in none that the packs hold (it was read from elsewhere), that of the procedure; where there
    is none either, the words of the clause. Raises POL-051.
    """
    documents = policy.documents_of(procedure.pack)
    for reference in (stage.clause_ref, procedure.clause_ref):
        if document := documents.get(reference.partition(" ")[0]):
            return f"《{document.zh}》"
    return stage.clause_text
