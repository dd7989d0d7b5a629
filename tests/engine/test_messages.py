"""Messages are whole in both languages, and every code is raised somewhere."""

import re
from pathlib import Path
from string import Formatter

import pytest

import lika.engine
from lika.engine.errors import EngineError
from lika.engine.messages import MESSAGES, Words

SOURCE = Path(lika.engine.__file__).parent


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("code", MESSAGES)
def test_both_languages_say_the_same_details(code: str) -> None:
    chinese, english = MESSAGES[code]
    # A detail may be left out where one language needs fewer words, but none may be there that is never given.
    assert _fields(chinese) <= _fields(english)
    assert chinese.endswith("。")
    assert english.endswith(".")


def test_every_code_is_used() -> None:
    files = [path for path in SOURCE.rglob("*.py") if path.name != "messages.py"]
    used = {code for path in files for code in re.findall(r"ENG-\d{3}", path.read_text(encoding="utf-8"))}
    assert set(MESSAGES) <= used


def test_details_are_put_in_by_language() -> None:
    error = EngineError("ENG-082", unit=Words("户", "household"))
    assert (error.message("zh-hans"), error.message("en")) == ("没有户表。", "There is no household table.")
    assert str(error) == "There is no household table."
