"""Large static files travel compressed."""

import gzip
import os
from pathlib import Path

from django.test import Client

from lika.runtime.assets import ROOTS, compress_all


def test_large_text_files_are_compressed_once_per_change(tmp_path: Path) -> None:
    style, icon, picture = tmp_path / "css" / "style.css", tmp_path / "icon.svg", tmp_path / "map.png"
    style.parent.mkdir()
    style.write_text("a{}" * 5000)
    icon.write_text("<svg/>")
    picture.write_bytes(b"x" * 50_000)
    compressed = tmp_path / "css" / "style.css.gz"
    assert compress_all([tmp_path]) == [compressed]
    assert compress_all([tmp_path]) == []
    style.write_text("b{}" * 5000)
    earlier = style.stat().st_mtime_ns - 1_000_000_000
    os.utime(compressed, ns=(earlier, earlier))
    assert compress_all([tmp_path]) == [compressed]
    assert gzip.decompress(compressed.read_bytes()) == style.read_bytes()
    assert compress_all([tmp_path]) == []


def test_every_app_that_brings_large_files_is_among_them() -> None:
    compress_all()
    large = [
        path
        for path in (ROOTS[0].parent).rglob("static/**/*")
        if path.suffix in {".css", ".js", ".svg"} and path.stat().st_size >= 4096
    ]
    assert {"vendor", "console", "reports"} <= {path.parts[path.parts.index("static") + 1] for path in large}
    assert [path for path in large if not path.with_name(f"{path.name}.gz").exists()] == []


def test_a_browser_that_accepts_it_gets_the_compressed_form() -> None:
    compress_all()
    source = ROOTS[0] / "vendor/tabler/tabler.min.css"
    client = Client()  # WhiteNoise looks for files when the first request makes the middleware
    url = "/static/vendor/tabler/tabler.min.css"
    packed = client.get(url, headers={"Accept-Encoding": "gzip"})
    plain = client.get(url)
    assert (packed["Content-Encoding"], plain.get("Content-Encoding")) == ("gzip", None)
    assert gzip.decompress(packed.getvalue()) == plain.getvalue() == source.read_bytes()
