"""Never lose it: one archive with the database, the files, the packs and the hashes of them all; and the way back.

`back_up` writes the archive while the site goes on; `check` reads it again; `restore` puts it into an empty
installation, whole or not at all. Keys are never inside: without those of the installation an archive does not open,
and whoever finds both has everything. Keep them apart (`lika keys copy`).
"""

from lika.core.safekeeping.archive import Manifest
from lika.core.safekeeping.backup import back_up
from lika.core.safekeeping.keeping import Kept, interrupted, last_kept
from lika.core.safekeeping.restoring import check, restore

__all__ = ["Kept", "Manifest", "back_up", "check", "interrupted", "last_kept", "restore"]
