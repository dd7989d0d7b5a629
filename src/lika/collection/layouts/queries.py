"""Named reads of profiles: those that ship, and those that offices saved. They hold no data of anybody."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lika.collection.layouts.model import Profile
from lika.collection.layouts.notation import profile_of
from lika.collection.layouts.reading import FORM, Layout, Mapped
from lika.collection.layouts.shipped import shipped
from lika.collection.models import MappingProfile
from lika.collection.schema import sheets_read
from lika.core.actors import Actor
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.divisions.models import Division
from lika.divisions.names import place_name


@dataclass(frozen=True)
class ProfileLine:
    """A version of a profile as the list shows it: whose it is, who saved it and when; nobody where it ships."""

    profile: Profile
    place: str = ""
    by_name: str = ""
    at: dt.datetime | None = None
    latest: bool = True


def profile(label: str) -> Profile:
    """The profile called NAME, in its latest version, or NAME@VERSION. Raises COL-051."""
    name, _at, version = label.partition("@")
    known = [found for (key, _number), found in sorted(shipped().items()) if key == name]
    if known:
        found = known[-1:] if not version else [each for each in known if str(each.version) == version]
    else:
        saved = MappingProfile.objects.filter(name=name)
        wanted = saved.filter(version=int(version)) if version.isdecimal() else saved.none() if version else saved
        found = [opened(each) for each in wanted.order_by("-version")[:1]]
    if not found:
        raise NotFound(
            "COL-051",
            _("There is no profile “%(label)s”.") % {"label": label},
            remedy=_("Choose one of the list: %(profiles)s") % {"profiles": ", ".join(sorted(names()))},
        )
    return found[0]


def layout_of(label: str) -> Layout:
    """How a file is read: by the form's own words, or by the profile of this label. Raises COL-051."""
    return Mapped(profile(label)) if label else FORM


def opened(saved: MappingProfile) -> Profile:
    """A saved version."""
    return profile_of(saved.content, sheets=sheets_read(), division=saved.division_code)


def names() -> set[str]:
    """What profiles are called."""
    saved = MappingProfile.objects.values_list("name", flat=True).distinct()
    return {name for name, _version in shipped()} | set(saved)


def lines(by: Actor) -> Sequence[ProfileLine]:
    """Every version of every profile, the shipped ones first, the latest version first. Raises ACC-001."""
    by.require(Permission.REGISTER_IMPORT)
    newest = dict(sorted(shipped()))
    in_order = sorted(shipped().items(), key=lambda each: (each[0][0], -each[0][1]))
    ship = [ProfileLine(found, latest=newest[name] == version) for (name, version), found in in_order]
    saved = list(MappingProfile.objects.order_by("name", "-version"))
    first = {each.name: each.version for each in reversed(saved)}
    places = dict(Division.objects.filter(code__in={each.division_code for each in saved}).values_list("code", "name"))
    return [
        *ship,
        *(
            ProfileLine(
                opened(each), place_name(places.get(each.division_code, each.division_code)), each.by_name,
                each.created_at, latest=first[each.name] == each.version,
            )
            for each in saved
        ),
    ]  # fmt: skip


def latest() -> list[Profile]:
    """The latest version of every profile, saved ones first: they are of here."""
    saved = MappingProfile.objects.order_by("name", "-version").distinct("name")
    return [*(opened(each) for each in saved), *dict(sorted(shipped().items())).values()]


def choices(by: Actor) -> list[tuple[str, str]]:
    """What may be chosen for an import: the latest version of each, as (label, title)."""
    return [(line.profile.label, f"{line.profile.zh} ({line.profile.label})") for line in lines(by) if line.latest]
