"""Find text that a person would see and that no translation covers: in templates and in Python."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

#: Attributes that a person sees or hears.
SPOKEN = frozenset({"alt", "aria-description", "aria-label", "aria-roledescription", "label", "placeholder", "title"})
#: Tags whose content is no text of the page.
_SILENT = frozenset({"script", "style", "code", "svg"})
_BLOCK = re.compile(
    r"{%\s*(?P<name>comment|blocktranslate|blocktrans|verbatim)\b.*?{%\s*end(?P=name)\s*%}|{#.*?#}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)
_CHINESE = re.compile(r"[㐀-鿿]")
_LETTERS = re.compile(r"[A-Za-z㐀-鿿]{2,}|[㐀-鿿]")
#: What is written alike in every language.
NAMES = frozenset({"CSV", "SHA-256"})

#: Stable codes of refusals: WEB-404, POL-009.
_CODE = re.compile(r"[A-Z]{3}-[0-9]{3}")
#: What reads as words of a language, not as a name, a path or a format.
_PROSE = re.compile(r"[㐀-鿿]|\b[A-Z]?[a-z]+ [a-z]+|\b[A-Z][a-z]{2,}")
#: Keywords of calls, and names in classes, whose value a reader sees.
_KEYWORDS = frozenset({"description", "empty_label", "epilog", "help", "label", "remedy", "verbose_name"})
_CLASS_WORDS = frozenset({"help", "verbose_name", "verbose_name_plural"})
_LEVELS = frozenset({"debug", "info", "success", "warning", "error"})

_TRANSLATED = frozenset(
    {"gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        # The open tags below which nothing is read: text of no page, or a sample in a language of its own.
        self.silent: list[str] = []
        self.found: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        spoken = [value for name, value in attrs if name in SPOKEN and value]
        if tag == "input":
            told = dict(attrs)
            spoken += (
                [told["value"] or ""] if told.get("type") in ("submit", "button", "reset") and "value" in told else []
            )
        for value in spoken:
            self._see(value)
        if self.silent or tag in _SILENT or "lang" in dict(attrs):
            self.silent.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.silent:
            while self.silent.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self._see(data)

    def _see(self, text: str) -> None:
        for line in text.splitlines():
            told = " ".join(line.split())
            if _LETTERS.search(told) and told not in NAMES and not _CODE.fullmatch(told):
                self.found.append((self.getpos()[0], told))


def in_template(source: str) -> list[tuple[int, str]]:
    """(line, text) of what a template shows without a translation: text nodes and spoken attributes."""
    blank = _BLOCK.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), source)
    # A tag whose name hangs on a condition (`<{% if href %}a{% else %}button{% endif %} …>`) is a tag all the same.
    blank = re.sub(r"<(/?)\s+(?=[a-z])", r"<\1", blank)
    page = _Page()
    page.feed(blank)
    page.close()
    return page.found


def in_python(source: str, refusals: frozenset[str]) -> list[tuple[int, str]]:
    """(line, text) of what Python hands to a reader without a translation.

    Looked at are the arguments of `refusals` (the names of error classes), of Django's messages, of what commands
    write, and the labels, titles and help of fields, forms and arguments.
    """
    tree = ast.parse(source)
    translated = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in _TRANSLATED
    }
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        for shown in _shown(node, refusals):
            found += _untranslated(shown, translated)
    return sorted(set(found))


def _shown(node: ast.AST, refusals: frozenset[str]) -> Iterator[ast.expr]:
    """The expressions of a node that become text before a reader."""
    if isinstance(node, ast.ClassDef):
        for line in node.body:
            if isinstance(line, ast.Assign) and getattr(line.targets[0], "id", "") in _CLASS_WORDS:
                yield line.value
    if not isinstance(node, ast.Call):
        return
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    yield from (word.value for word in node.keywords if word.arg in _KEYWORDS)
    if name in refusals or (name == "write" and "std" in ast.unparse(node.func)) or name == "CommandError":
        yield from node.args
    if isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "messages" and name in _LEVELS:
        yield from node.args[1:]


def _untranslated(shown: ast.expr, translated: set[str]) -> Iterator[tuple[int, str]]:
    match shown:
        case ast.Call(func=ast.Name(id=name)) if name in translated:
            return
        case ast.Call(func=ast.Attribute(value=template)):
            yield from _untranslated(template, translated)
        case ast.BinOp(left=template, op=ast.Mod()):
            yield from _untranslated(template, translated)
        case ast.BinOp(left=left, right=right):
            yield from _untranslated(left, translated)
            yield from _untranslated(right, translated)
        case ast.BoolOp(values=values) | ast.JoinedStr(values=values):
            for value in values:
                yield from _untranslated(value, translated)
        case ast.FormattedValue(value=value):
            yield from _untranslated(value, translated)
        case ast.IfExp(body=body, orelse=orelse):
            yield from _untranslated(body, translated)
            yield from _untranslated(orelse, translated)
        case ast.Constant(value=str(text)) if _PROSE.search(text) and not _in_both(text):
            yield shown.lineno, text


def _in_both(text: str) -> bool:
    """Whether a text says it in Chinese and English at once, for tools that start before Django."""
    chinese, _, english = text.partition(" / ")
    return bool(_CHINESE.search(chinese)) and bool(english) and not _CHINESE.search(english)
