"""Named writes of profiles: a change is a new version, and no version ever changes."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lika.collection.layouts.model import Profile
from lika.collection.layouts.notation import as_data, digest_of, profile_of
from lika.collection.layouts.queries import opened
from lika.collection.layouts.shipped import shipped
from lika.collection.models import MappingProfile
from lika.collection.schema import sheets_read
from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.divisions import queries as divisions

_NAME = re.compile(r"[^\s@/\\?#]{2,60}")


def save_profile(*, by: Actor, division: str, data: Mapping[str, Any]) -> Profile:
    """Save a profile for an area as the next version of its name; the same content again is no new version.

    `data` is what `notation.profile_of` reads, without `version`. Raises ACC-001, ACC-002, COL-050 (a fault in it),
    COL-052 (the name is taken, or is none), COL-053 (somebody saved a version at the same moment).
    """
    area = divisions.get(division)
    by.require(Permission.PROFILE_KEEP, division=area.code)
    name = str(data.get("name", ""))
    _require_name(name, area.code)
    latest = MappingProfile.objects.filter(name=name).order_by("-version").first()
    version = 1 if latest is None else latest.version + 1
    profile = profile_of({**data, "version": version}, sheets=sheets_read(), division=area.code)
    if latest is not None and _says(profile) == _says(opened(latest)):
        return opened(latest)
    content = as_data(profile)
    try:
        with transaction.atomic():
            saved = MappingProfile.objects.create(
                name=name, version=version, division=int(area.code), content=content, sha256=digest_of(content),
                by_name=by.name, official_id=by.official_id,
            )  # fmt: skip
            new = {"system": profile.system, "year": profile.year, "sha256": saved.sha256}
            change = audit.Change("mapping_profile", saved.id, audit.chain_of(area.code), profile.label, new=new)
            audit.record(by=by, action="profile.saved", change=change)
    except IntegrityError as error:
        raise UserError(
            "COL-053",
            _("Somebody saved a version of this profile at the same moment."),
            remedy=_("Open the profile again and repeat your change."),
        ) from error
    return opened(saved)


def _says(profile: Profile) -> dict[str, Any]:
    return {key: value for key, value in as_data(profile).items() if key != "version"}


def _require_name(name: str, division: str) -> None:
    others = MappingProfile.objects.filter(name=name).exclude(division=int(division)).exists()
    if not _NAME.fullmatch(name) or others or any(name == known for known, _version in shipped()):
        raise UserError(
            "COL-052",
            _("The profile cannot have this name: it is another office's, or has spaces or signs in it."),
            remedy=_("Choose another name of 2 to 60 letters or characters."),
            field="name",
        )
