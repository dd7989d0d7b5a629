"""What every page may know about the installation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from lika import __version__


def installation(request: HttpRequest) -> dict[str, Any]:
    """`lika_demo` (mark pages 演示数据), `lika_map_licence` (审图号 or empty), `lika_version`."""
    return {
        "lika_demo": settings.LIKA.demo,
        "lika_map_licence": settings.LIKA.map_licence,
        "lika_version": __version__,
    }
