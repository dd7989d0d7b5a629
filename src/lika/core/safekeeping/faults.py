"""What may be wrong with an archive, or with the place where it is to go."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from lika.core.errors import UserError


def damaged(path: Path, member: str = "") -> UserError:
    """BAK-001: cut off, altered, or no archive of Lika at all."""
    where = {"file": path.name} | ({"field": member} if member else {})
    return UserError(
        "BAK-001",
        _("The archive is damaged, or is not a backup of Lika."),
        remedy=_("Fetch the archive again from where it is kept, or use an older one."),
        **where,
    )


def foreign(path: Path) -> UserError:
    """BAK-002: made by another installation, or before the master key was changed."""
    return UserError(
        "BAK-002",
        _("The archive was made with other keys than those of this installation."),
        remedy=_("Put the keys that were kept apart into the folder of keys (or name them in the configuration)."),
        file=path.name,
    )


def newer(path: Path, version: str) -> UserError:
    """BAK-003: the archive holds tables that this version does not know."""
    return UserError(
        "BAK-003",
        _("The archive was made by a newer version of Lika (%(version)s).") % {"version": version},
        remedy=_("Install that version, then restore."),
        file=path.name,
    )


def not_empty(what: str) -> UserError:
    """BAK-004: data are here already; a restore never overwrites."""
    return UserError(
        "BAK-004",
        _("This installation holds data already; a restore would overwrite them."),
        remedy=_("Restore into an empty data folder and an empty database (LIKA_DATA_DIR, LIKA_DATABASE_URL)."),
        field=what,
    )


def not_written(path: Path, reason: str) -> UserError:
    """BAK-005: no space, no right, a medium that is gone."""
    return UserError(
        "BAK-005",
        _("The archive could not be written: %(reason)s.") % {"reason": reason},
        remedy=_("Name a folder with enough space that this user may write."),
        file=str(path),
    )


def no_tool(tool: str, words: str) -> UserError:
    """BAK-006: PostgreSQL's own programs refused."""
    return UserError(
        "BAK-006",
        _("PostgreSQL's program %(tool)s failed: %(words)s") % {"tool": tool, "words": words},
        remedy=_("Check the database by `lika doctor`; its version may be newer than the programs of Lika."),
    )


def other_restore(archive: str) -> UserError:
    """BAK-007: a restore was broken off here; what is half there belongs to that archive."""
    return UserError(
        "BAK-007",
        _("A restore of another archive was interrupted here."),
        remedy=_("Restore that archive again, or begin with an empty data folder."),
        file=archive,
    )


def differs(table: str) -> UserError:
    """BAK-008: what the database holds now is not what was counted when the archive was made."""
    return UserError(
        "BAK-008",
        _("After the restore a table does not hold as many rows as the archive says."),
        remedy=_("Do not use this installation; restore again into an empty one, and report it."),
        field=table,
    )


def too_little_space(path: Path, needed: int, free: int) -> UserError:
    """BAK-009: it would not fit."""
    return UserError(
        "BAK-009",
        _("There is too little space: about %(needed)d MB are needed, %(free)d MB are free.")
        % {"needed": needed // 1_000_000, "free": free // 1_000_000},
        remedy=_("Make space, or name a folder on another disk."),
        file=str(path),
    )
