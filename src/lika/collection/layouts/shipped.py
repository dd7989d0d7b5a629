"""The profiles that ship with the program: `data/profiles/*.yaml`, each with its sources."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from lika.collection.layouts.model import Profile
from lika.collection.layouts.notation import profile_of

DATA = Path(__file__).parent.parent / "data" / "profiles"


@lru_cache(maxsize=1)
def shipped() -> Mapping[tuple[str, int], Profile]:
    """The shipped profiles by name and version. Raises COL-050 for a faulty one: tests hold that there is none."""
    reader = YAML(typ="safe")
    found = (profile_of(reader.load(path.read_text("utf-8"))) for path in sorted(DATA.glob("*.yaml")))
    return {(profile.name, profile.version): profile for profile in found}
