"""Fixtures of the console's tests."""

# The register, the pack and the screening that the tests of snapshots use.
from tests.snapshots.conftest import (  # noqa: F401
    actor,
    data_dir,
    pack,
    register,
    screened,
    taken,
    write_pack,
)
