"""What the documents say of the code is so: paths, functions, quotations, commands, links."""

import ast
import re
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).resolve().parents[1]
TOUR = ROOT / "docs/tour.md"
DOCUMENTS = sorted(
    {*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "packs").rglob("*.md")},
    key=lambda path: path.as_posix(),
)
# What a document shows of the code: a path of ours, a function in the last file named before it.
_PATH = r"(?:src/lika|tests|packs|docs|benchmarks|tools)/[\w./-]*[\w/]"
_TOLD = re.compile(rf"`(?P<path>{_PATH})`|`(?P<function>\w+)\(\)`|class `(?P<kind>\w+)`")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"\blika ([a-z][^;)。，,]*)")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# Paths and functions


@cache
def _defined(path: Path) -> frozenset[str]:
    """The functions, methods and classes of a file, or of the files of a folder."""
    files = path.rglob("*.py") if path.is_dir() else [path] if path.suffix == ".py" else []
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return frozenset(
        node.name for file in files for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, kinds)
    )


def missing_code(text: str) -> list[str]:
    """The paths that a text names and that are not there, and the functions that are not in the file named before."""
    missing = []
    current: Path | None = None
    for told in _TOLD.finditer(_FENCE.sub("", text)):
        if told["path"]:
            current = ROOT / told["path"]
            if not current.exists():
                missing.append(told["path"])
        elif current is None or not current.exists() or (told["function"] or told["kind"]) not in _defined(current):
            missing.append(f"{current and _name(current)}: {told['function'] or told['kind']}")
    return missing


def foreign_quotations(text: str) -> list[str]:
    """The lines of quoted blocks (first line: `# path`) that do not stand in their file; spaces do not matter."""
    foreign = []
    for block in _FENCE.finditer(text):
        first, *lines = block[2].splitlines() or [""]
        if first.startswith("# ") and re.fullmatch(_PATH, first[2:]):
            held = {line.strip() for line in (ROOT / first[2:]).read_text(encoding="utf-8").splitlines()}
            foreign += [f"{first[2:]}: {line.strip()}" for line in lines if line.strip() not in held]
    return foreign


def test_the_tour_names_only_code_that_is_there() -> None:
    assert missing_code(TOUR.read_text(encoding="utf-8")) == []


def test_the_tour_quotes_the_code_as_it_is() -> None:
    text = TOUR.read_text(encoding="utf-8")
    assert foreign_quotations(text) == []
    assert len([block for block in _FENCE.finditer(text) if block[2].startswith("# ")]) >= 10


def test_the_tour_can_be_read_in_one_go() -> None:
    assert len(TOUR.read_text(encoding="utf-8").splitlines()) <= 250


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("`src/lika/core/audit.py` has `record_many()`", []),
        ("`src/lika/core/audit.py` has `forget()`", ["src/lika/core/audit.py: forget"]),
        ("`src/lika/core/adit.py` has `record()`", ["src/lika/core/adit.py", "src/lika/core/adit.py: record"]),
        ("`record()` of nothing", ["None: record"]),
        ("`src/lika/accounts/queries.py`, class `Scope` and class `Scale`", ["src/lika/accounts/queries.py: Scale"]),
    ],
)
def test_a_name_that_is_not_there_is_found(text: str, missing: list[str]) -> None:
    assert missing_code(text) == missing


def test_a_changed_quotation_is_found() -> None:
    block = "```python\n# src/lika/core/audit.py\nnow = timezone.now()\nnow = never()\n```\n"
    assert foreign_quotations(block) == ["src/lika/core/audit.py: now = never()"]


# Commands


@cache
def _parser(command: str) -> ArgumentParser:
    app = get_commands()[command]
    loaded = load_command_class(app, command) if isinstance(app, str) else app
    return loaded.create_parser("lika", command)


def _words(parser: ArgumentParser) -> dict[str, ArgumentParser]:
    """The sub-commands of a parser."""
    return {
        name: below
        for action in parser._actions
        if isinstance(action, _SubParsersAction)
        for name, below in action.choices.items()
    }


def commands_shown(text: str) -> Iterator[tuple[str, ...]]:
    """Each `lika …` of a text as its words: `lika policy check | list` shows two, `[…]` is left out."""
    shown = [*re.findall(r"`(lika [^`]+)`", _FENCE.sub("", text)), *(block[2] for block in _FENCE.finditer(text))]
    for line in "\n".join(shown).splitlines():
        for found in _COMMAND.finditer(line):
            whole = re.sub(r"\[[^\]]*\]", "", re.split(r"\s{2,}| #", found[1])[0])
            command = whole.split()[0]
            for part in re.split(r"\s\|\s", whole):
                words = part.split()
                if words and words[0] in get_commands():
                    command = words[0]
                    yield tuple(words)
                elif words:
                    yield (command, *words)


def refused_command(words: tuple[str, ...]) -> str | None:
    """Why a command as it is shown is none: no such command, sub-command or option; None where all is well."""
    name, *rest = words
    if name not in get_commands():
        return f"no command {name}"
    parser = _parser(name)
    while below := _words(parser):
        if not rest:
            break
        if rest[0] not in below:
            return f"{name} has no {rest[0]}"
        parser = below[rest.pop(0)]
    known = {option for action in parser._actions for option in action.option_strings}
    unknown = [word for word in rest if word.startswith("--") and word not in known]
    return f"{name} has no option {unknown[0]}" if unknown else None


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_every_command_shown_is_one(document: Path) -> None:
    shown = set(commands_shown(document.read_text(encoding="utf-8")))
    assert {" ".join(words): reason for words in sorted(shown) if (reason := refused_command(words))} == {}


def test_the_readme_shows_the_commands() -> None:
    """The reading of documents finds what is there: the check above must not pass for want of commands."""
    shown = set(commands_shown((ROOT / "README.md").read_text(encoding="utf-8")))
    assert {
        ("demo",), ("tour",), ("serve",), ("import", "register", "FILE"), ("import", "template", "OUT.xlsx"),
        ("policy", "check"), ("policy", "list"), ("divisions", "load"), ("audit", "verify"), ("doctor",),
    } <= shown  # fmt: skip


@pytest.mark.parametrize(
    ("line", "reasons"),
    [
        ("`lika audit verify`", [None]),
        ("`lika audit verify --heads FILE`", [None]),
        ("`lika audit vrify`", ["audit has no vrify"]),
        ("`lika audit verify --quickly`", ["audit has no option --quickly"]),
        ("`lika fly`", ["no command fly"]),
        ("`lika policy check | lst`", [None, "policy has no lst"]),
        ("`lika divisions load | audit verify`", [None, None]),
    ],
)
def test_a_command_that_is_none_is_found(line: str, reasons: list[str | None]) -> None:
    assert [refused_command(words) for words in commands_shown(line)] == reasons


@pytest.mark.parametrize(
    "name", sorted(name for name, app in get_commands().items() if isinstance(app, str) and app.startswith("lika."))
)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    parsers = {(): _parser(name)} | {(word,): below for word, below in _words(_parser(name)).items()}
    for words in parsers:
        with pytest.raises(SystemExit) as left:
            _parser(name).parse_args([*words, "--help"])
        assert (left.value.code, f"lika {' '.join((name, *words))}" in capsys.readouterr().out) == (0, True), words


# Links


def _anchors(document: Path) -> set[str]:
    """What may stand behind `#`: the headings as they are addressed."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", document.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(document: Path) -> list[str]:
    """The links of a document to files or headings that are not there; addresses elsewhere are not followed."""
    broken = []
    for target in _LINK.findall(_FENCE.sub("", document.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _mark, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        if not file.exists() or (anchor and anchor not in _anchors(file)):
            broken.append(target)
    return broken


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_every_link_leads_somewhere(document: Path) -> None:
    assert broken_links(document) == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    document = tmp_path / "a.md"
    document.write_text(
        "# A b\n[x](#a-b) [y](b.md) [z](#c) ![i](a.md) [w](https://example.invalid/)\n", encoding="utf-8"
    )
    assert broken_links(document) == ["b.md", "#c"]
