"""Settings of the generated tests: the same examples every time, unless GENERATIVE_EXAMPLES asks for others."""

import os
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, Phase, settings

_HEALTH = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
_EXAMPLES = os.environ.get("GENERATIVE_EXAMPLES")
# No shrinking: every example is a database query, and the failure names the expression.
_COMMON = settings(
    deadline=None,
    database=None,
    suppress_health_check=_HEALTH,
    phases=[Phase.explicit, Phase.generate],
    print_blob=True,
)
settings.register_profile("committed", _COMMON, derandomize=True, max_examples=12)
settings.register_profile("search", _COMMON, max_examples=int(_EXAMPLES or 1))
# At import: `@given` reads the profile when the tests are collected.
settings.load_profile("search" if _EXAMPLES else "committed")


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Mark what stands here."""
    for item in items:
        if "/generative/" in item.path.as_posix():
            item.add_marker(pytest.mark.generative)
