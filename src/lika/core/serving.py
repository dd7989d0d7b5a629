"""How a file that somebody brought leaves: to be looked at, with no part of the site's own rights."""

from django.http import HttpResponse

from lika.core.media import MediaType

# A file of a stranger's making is given no part of the site's own rights; its own viewer needs a few styles.
_ALONE = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"


def served_alone(content: bytes, media_type: MediaType, name: str) -> HttpResponse:
    """A picture shown in the browser, anything else to keep; `name` has no ending and names nobody."""
    pictured = media_type is not MediaType.PDF
    ending = media_type.value.rpartition("/")[2].replace("jpeg", "jpg")
    answer = HttpResponse(content, content_type=media_type.value)
    answer["Content-Disposition"] = f'{"inline" if pictured else "attachment"}; filename="{name}.{ending}"'
    answer["Content-Security-Policy"] = _ALONE
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
