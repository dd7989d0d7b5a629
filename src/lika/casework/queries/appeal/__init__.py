"""What stands in the appeal file of a case: tables and documents, a function for each kind of record."""

from lika.casework.queries.appeal.dossier import Attached, Cases, Dossier, Part, dossier_of
from lika.casework.queries.appeal.parts import ATTACHED, TOLD, parts_of

__all__ = ["ATTACHED", "TOLD", "Attached", "Cases", "Dossier", "Part", "dossier_of", "parts_of"]
