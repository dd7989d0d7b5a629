"""Catalogues are compiled when they are newer than their compiled form."""

import gettext
import os
from pathlib import Path

from lika.runtime.translations import compile_all, stale_catalogues

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def write(root: Path, chinese: str) -> Path:
    source = root / "register/locale/zh_Hans/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(f'{HEADER}msgid "Household"\nmsgstr "{chinese}"\n', encoding="utf-8")
    return source


def translate(compiled: Path) -> str:
    with compiled.open("rb") as file:
        return gettext.GNUTranslations(file).gettext("Household")


def test_a_new_and_a_changed_catalogue_are_compiled_once(tmp_path: Path) -> None:
    source = write(tmp_path, "家庭")
    compiled = source.with_suffix(".mo")
    assert compile_all(tmp_path) == [compiled]
    assert translate(compiled) == "家庭"
    assert compile_all(tmp_path) == []
    write(tmp_path, "户")
    later = compiled.stat().st_mtime_ns + 1_000_000
    os.utime(source, ns=(later, later))
    assert stale_catalogues(tmp_path) == [source]
    assert compile_all(tmp_path) == [compiled]
    assert translate(compiled) == "户"
    assert [path.name for path in sorted(source.parent.iterdir())] == ["django.mo", "django.po"]
