"""The archive of a batch or of a case: what is there, what is missing, in which order, under which names."""

from lika.casework.queries.archive.contents import Contents, Line, contents_of
from lika.casework.queries.archive.folder import Folder, Leaf, folder_of_batch, folder_of_case
from lika.casework.queries.archive.providers import PROVIDERS

__all__ = ["PROVIDERS", "Contents", "Folder", "Leaf", "Line", "contents_of", "folder_of_batch", "folder_of_case"]
