"""What stands in the appeal file of a case: tables and documents, a function for each kind of record."""

from lika.casework.queries.appeal.dossier import Attached, Dossier, Part, dossier_of
from lika.casework.queries.appeal.parts import ATTACHED, PARTS

__all__ = ["ATTACHED", "PARTS", "Attached", "Dossier", "Part", "dossier_of"]
