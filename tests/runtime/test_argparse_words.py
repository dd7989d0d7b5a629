"""What argparse says, in the language of the person at the terminal."""

import argparse
from collections.abc import Iterator

import pytest

from lika.runtime import argparse_words


@pytest.fixture(autouse=True)
def own_words() -> Iterator[None]:
    """Whatever a test chooses, argparse speaks English afterwards."""
    yield
    argparse_words.speak("en")


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="lika")
    found.add_argument("code")
    found.add_argument("--level", type=int)
    found.add_argument("--unit", choices=["person"])
    one = found.add_mutually_exclusive_group()
    one.add_argument("--file")
    one.add_argument("--folder")
    return found


REFUSALS = {
    (): "缺少必填参数：code",
    ("62", "63"): "无法识别的参数：63",
    ("62", "--level"): "--level：应有一个值",
    ("62", "--level", "x"): "--level：值 'x' 不符合要求（int）",
    ("62", "--unit", "family"): "--unit：不能是 'family'，可选：'person'",
    ("62", "--file", "a", "--folder", "b"): "--folder：不能与 --file 同时使用",
    ("62", "--f", "a"): "选项 --f 不明确，可能是 --file, --folder",
}


@pytest.mark.parametrize(("arguments", "words"), REFUSALS.items(), ids=str)
def test_refusals_in_chinese(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str) -> None:
    argparse_words.speak("zh-hans")
    with pytest.raises(SystemExit):
        parser().parse_args(arguments)
    said = capsys.readouterr().err.splitlines()
    assert (said[0][:9], said[-1]) == ("用法：lika [", f"lika：{words}")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ["用法：lika", "参数:", "选项:", "显示本说明"]),
        ("en", ["usage: lika", "positional arguments:", "options:", "show this help message and exit"]),
    ],
)
def test_help_in_the_language_chosen_last(language: str, words: list[str]) -> None:
    argparse_words.speak("zh-hans" if language == "en" else "en")
    argparse_words.speak(language)
    text = parser().format_help()
    assert [word for word in words if word not in text] == []
