"""Whatever a person sees exists in Chinese too: each app's messages against its hand-kept catalogue."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import polib
import pytest

import lika
from lika.core.errors import UserError
from lika.engine.messages import MESSAGES
from tests.console import visible
from tests.console.messages import Message, in_app, in_python, in_template, placeholders

PACKAGE = Path(lika.__file__).parent
APPS = sorted(path.parent for path in PACKAGE.glob("*/apps.py"))
CHINESE = "locale/zh_Hans/LC_MESSAGES/django.po"


def refusals(kind: type[Exception] = UserError) -> Iterator[str]:
    """The names of an error class and of all below it."""
    yield kind.__name__
    for below in kind.__subclasses__():
        yield from refusals(below)


def catalogue(app: Path) -> polib.POFile:
    path = app / CHINESE
    return polib.pofile(str(path), encoding="utf-8") if path.exists() else polib.POFile()


def key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgctxt or "", entry.msgid


def is_translated(entry: polib.POEntry) -> bool:
    texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return bool(texts) and all(texts) and "fuzzy" not in entry.flags


class TestExtraction:
    def test_python_calls_are_found_by_any_imported_name(self):
        source = """
from django.utils.translation import gettext as tr, gettext_lazy as _, ngettext, pgettext
a = _("Home")
b = tr("%(n)s rows") % {"n": 1}
c = ngettext("%d row", "%d rows", n)
d = pgettext("menu", "Home")
e = other("Not this")
"""
        assert sorted(in_python(source, "x.py")) == [
            Message("%(n)s rows", place="x.py:4"),
            Message("%d row", "%d rows", place="x.py:5"),
            Message("Home", place="x.py:3"),
            Message("Home", context="menu", place="x.py:6"),
        ]

    def test_a_message_that_is_put_together_is_refused(self):
        with pytest.raises(TypeError, match=r"x\.py:2: the message must be a plain text"):
            list(in_python('from django.utils.translation import gettext as _\n_("a" + b)', "x.py"))

    def test_templates_give_their_tags_and_blocks(self):
        source = """{% load i18n %}{% translate "Home" %}
{% blocktranslate count n=rows|length %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}
{% blocktranslate trimmed with name=a.b %}
  Hello ({{ name }})
{% endblocktranslate %}<a title="{% translate 'Open' %}">plain</a>"""
        assert [(message.text, message.plural) for message in in_template(source, "x.html")] == [
            ("Home", ""),
            ("%(n)s row", "%(n)s rows"),
            ("Hello (%(name)s)", ""),
            ("Open", ""),
        ]

    def test_placeholders_are_compared_as_written(self):
        assert placeholders("%(rows)s of %d, {name}, 100%%") == ["%(rows)s", "%d", "{name}"]


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
class TestCatalogue:
    def test_every_entry_of_the_file_has_a_translation_line(self, app: Path):
        """A msgid without msgstr before the next one is read over in silence."""
        path = app / CHINESE
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        words = [line.partition(" ")[0] for line in lines if line.startswith(("msgid ", "msgstr", "msgid_plural "))]
        bare = [number for number, two in enumerate(pairwise(words)) if two == ("msgid", "msgid")]
        assert bare == []

    def test_every_message_is_translated(self, app: Path):
        translated = {key(entry) for entry in catalogue(app) if is_translated(entry)}
        missing = {m.text: m.place for m in in_app(app) if (m.context, m.text) not in translated}
        assert missing == {}

    def test_placeholders_agree(self, app: Path):
        differing = {
            entry.msgid: text
            for entry in catalogue(app)
            for text in (entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr])
            if placeholders(text) not in (placeholders(entry.msgid), placeholders(entry.msgid_plural))
        }
        assert differing == {}

    def test_no_translation_outlives_its_message(self, app: Path):
        used = {(message.context, message.text) for message in in_app(app)}
        assert [entry.msgid for entry in catalogue(app) if key(entry) not in used] == []


def test_one_message_has_one_translation_everywhere():
    """Django merges the catalogues: of two translations of one text, the first app's would win everywhere."""
    seen: dict[tuple[str, str], set[str]] = {}
    for app in APPS:
        for entry in catalogue(app):
            seen.setdefault(key(entry), set()).add(entry.msgstr or str(entry.msgstr_plural))
    assert {msgid: texts for msgid, texts in seen.items() if len(texts) > 1} == {}


def test_a_criterion_is_called_by_its_one_official_word():
    """条件, as GLOSSARY.md says; 标准 is what a document sets: a line, an amount, a time point."""
    said = [
        *((entry.msgid, text) for app in APPS for entry in catalogue(app)
          for text in (entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr])),
        *((english, chinese) for chinese, english in MESSAGES.values()),
    ]  # fmt: skip
    about = [(en, zh) for en, zh in said if "criteri" in en.lower() and "standard" not in en.lower()]
    assert len(about) > 20
    assert [pair for pair in about if "标准" in pair[1].replace("标准线", "")] == []


def test_every_app_keeps_a_chinese_catalogue():
    with_messages = [app for app in APPS if in_app(app)]
    assert [app.name for app in with_messages if not (app / CHINESE).exists()] == []


class TestVisibleText:
    """What no `gettext` covers: it would stay in one language, and no catalogue would know."""

    def test_templates_show_only_translated_text(self):
        found = {
            f"{path.relative_to(PACKAGE)}:{line}": text
            for path in sorted(PACKAGE.rglob("templates/**/*"))
            if path.suffix in (".html", ".txt")
            for line, text in visible.in_template(path.read_text(encoding="utf-8"))
        }
        assert found == {}

    def test_python_shows_only_translated_text(self):
        names = frozenset(refusals())
        found = {
            f"{path.relative_to(PACKAGE)}:{line}": text
            for path in sorted(PACKAGE.rglob("*.py"))
            if "migrations" not in path.parts
            for line, text in visible.in_python(path.read_text(encoding="utf-8"), names)
        }
        assert found == {}

    @pytest.mark.parametrize(
        ("source", "found"),
        [
            ("<p>Plain words</p>", ["Plain words"]),
            ("<p>户</p>", ["户"]),
            ("<p>\n  {{ name }}\n  words after\n</p>", ["words after"]),
            ('<input placeholder="Search">', ["Search"]),
            ('<button title="Open" aria-label="打开"></button>', ["Open", "打开"]),
            ('<img alt="The map">', ["The map"]),
            ('<input type="submit" value="Send">', ["Send"]),
            ('<{% if href %}a href="x"{% else %}button{% endif %} title="Go">', ["Go"]),
            ('{% translate "Home" %}{# a note #}{% blocktranslate %}Well{% endblocktranslate %}', []),
            ('<input type="hidden" value="Send"><a title="{% translate \'Open\' %}">{{ name }} · 3 %</a>', []),
            ("<script>let words = 1;</script><code>net_income</code><p>POL-001</p>", []),
            ('<p lang="zh-hans">样本<b>字</b></p><p>after</p>', ["after"]),
        ],
    )
    def test_what_a_template_shows(self, source: str, found: list[str]):
        assert [text for _line, text in visible.in_template(source)] == found

    @pytest.mark.parametrize(
        ("line", "found"),
        [
            ('raise UserError("REG-001", "No such household.")', ["No such household."]),
            ('raise UserError("REG-001", _("No %(x)s.") % {"x": 1}, remedy="Look again.")', ["Look again."]),
            ('raise UserError("REG-001", f"{_(\'No\')} household here")', [" household here"]),
            ('messages.success(request, "Saved now")', ["Saved now"]),
            ('forms.CharField(label="户编号")', ["户编号"]),
            ('class Command(BaseCommand):\n    help = "Take a snapshot"', ["Take a snapshot"]),
            ('parser.add_argument("day", help="the day that is meant")', ["the day that is meant"]),
            ('self.stdout.write("All is well")', ["All is well"]),
            ('raise UserError("REG-001", _("No such household."), remedy=_("Look."), field="net income")', []),
            ('forms.CharField(label=_("Number"))', []),
            ("self.stdout.write(f\"{code}: {_('well')}\")", []),
            ('parser.add_argument("day", help="日期 / the day meant")', []),
            ('logger.info("All is well")', []),
        ],
    )
    def test_what_python_shows(self, line: str, found: list[str]):
        source = f"from django.utils.translation import gettext as _\n{line}"
        assert [text for _line, text in visible.in_python(source, frozenset({"UserError"}))] == found
