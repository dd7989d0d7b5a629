"""A village's network is slow: static files go over it once, under versioned addresses, and pages compressed."""

import hashlib
from functools import cache, cached_property
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]

_YEAR = "max-age=31536000, public, immutable"
_COMPRESSED = {"text/html", "application/json", "text/csv"}


def version_of(name: str) -> str:
    """The first 8 digits of the SHA-256 of a static file; a name that no package holds is our mistake: ValueError."""
    path = _lying(name)
    return _digest(path, path.stat().st_mtime_ns)


@cache
def _lying(name: str) -> Path:
    """Where a static file lies. Looking through the folders of all packages for every sign of a page took a tenth."""
    found = finders.find(name)
    if not found:
        raise ValueError(f"no static file {name!r}")
    return Path(found)


@cache
def _digest(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]


class VersionedStorage(StaticFilesStorage):
    """`{% static %}` gives `…/design.css?v=1b9f…`: another content is another address, without any collecting step."""

    def url(self, name: str | None) -> str:
        """The address of the file as it now is."""
        if not name:
            return str(super().url(name))
        if name not in self._addresses:
            self._addresses[name] = super().url(name)
        return f"{self._addresses[name]}?v={version_of(name)}"

    @cached_property
    def _addresses(self) -> dict[str, str]:
        """Where each name stands, without its version: joined once, not for every sign of a page."""
        return {}


class VersionedFilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise, and a year for whoever asked for the very version that is served.

    Asked without a version, or for another one (a page of before the upgrade), the browser keeps the file for the
    hour of `WHITENOISE_MAX_AGE` only.
    """

    @staticmethod
    def serve(static_file: object, request: HttpRequest) -> HttpResponseBase:
        """The file with its headers."""
        response: HttpResponseBase = WhiteNoiseMiddleware.serve(static_file, request)
        asked = request.GET.get("v")
        if asked and asked == version_of(request.path_info.removeprefix(settings.STATIC_URL)):
            response["Cache-Control"] = _YEAR
        return response


class CompressedPagesMiddleware(GZipMiddleware):
    """Pages, JSON and CSV compressed; workbooks and archives are so already.

    Text that a stranger chooses may stand beside a secret (the BREACH attack): Django masks the CSRF token anew in
    every answer and pads every compressed answer by a random length.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress what is text, where the browser takes it."""
        if response.get("Content-Type", "").partition(";")[0] not in _COMPRESSED:
            return response
        return super().process_response(request, response)
