"""The day on which the tests began lasts until they end: what they took for today stays today past midnight."""

import pytest
from django.utils import timezone

_clock = timezone.now
_END_OF_THE_DAY = timezone.localtime(_clock()).replace(hour=23, minute=59, second=59, microsecond=0)


@pytest.fixture(autouse=True)
def the_day_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: min(_clock(), _END_OF_THE_DAY))
