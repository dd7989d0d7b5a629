"""Which papers a stage has, and the data of each as it is on record; of what is not there it is said what lacks."""

from lika.casework.queries.papers.desk import Desk, NotOnRecordError
from lika.casework.queries.papers.offers import Offer, desk_of, offers_of_batch, offers_of_case, paper_data

__all__ = ["Desk", "NotOnRecordError", "Offer", "desk_of", "offers_of_batch", "offers_of_case", "paper_data"]
