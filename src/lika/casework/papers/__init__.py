"""The papers of a procedure: plain data, set by `printed`.

The data are in `public`, `meetings`, `households`, `decisions`, `units` and `files`; what they share in `shared`.
"""

from lika.casework.papers.registry import PAPERS, printed, template_of

__all__ = ["PAPERS", "printed", "template_of"]
