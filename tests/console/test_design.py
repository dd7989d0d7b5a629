"""The parts of the design language: what each says, and what it leaves out. 演示数据"""

import html
import re
from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.test.html import parse_html
from django.utils import translation

from lika.accounts.choices import Role
from lika.console.templatetags.design import spark_points
from lika.core.errors import UserError
from lika.core.forms import ActionForm
from tests.console.officials import signed_in


def drawn(source: str, **context: object) -> str:
    with translation.override("en"):
        return Template("{% load i18n console design %}" + source).render(Context(context))


def words(page: str) -> str:
    """What a reader sees: tags become spaces, data for scripts is left out."""
    page = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def shown(source: str, **context: object) -> str:
    return words(drawn(source, **context))


class TestState:
    @pytest.mark.parametrize(
        ("kind", "word"), [("met", "Met"), ("not_met", "Not met"), ("unknown", "Unknown"), ("late", "Late")]
    )
    def test_a_state_is_a_sign_and_a_word(self, kind: str, word: str):
        part = drawn("{% state kind %}", kind=kind)
        assert words(part) == word
        assert part.count("<svg") == 1

    def test_an_unknown_kind_is_refused(self):
        with pytest.raises(KeyError):
            shown("{% state 'purple' %}")


class TestCountdown:
    @pytest.mark.parametrize(
        ("source", "said"),
        [
            ("{% countdown 5 due=due working=True %}", "5 working days left until 30 November 2016"),
            ("{% countdown 1 %}", "1 day left"),
            ("{% countdown -4 due=due %}", "4 days late due 30 November 2016"),
            ("{% countdown 3 stopped=True %}", "3 days left stopped"),
        ],
    )
    def test_it_says_days_and_kind(self, source: str, said: str):
        assert shown(source, due=date(2016, 11, 30)) == said


class TestMoney:
    def test_capitals_for_papers_and_nothing_for_nothing(self):
        assert shown("{{ amount|capital_money }}", amount=Decimal(1200)) == "人民币壹仟贰佰元整"
        assert shown("{{ amount|capital_money }}", amount=None) == ""


class TestFunnel:
    def test_each_step_has_its_count_and_share_of_the_first(self):
        steps = [{"label": "Applied", "count": 400}, {"label": "Posted", "count": 100}]
        assert shown("{% funnel steps %}", steps=steps) == "Applied 400 100.0% Posted 100 25.0%"
        assert re.findall(r'width="([\d.]+)"', drawn("{% funnel steps %}", steps=steps)) == ["100.00", "25.00"]

    def test_nothing_applied_divides_by_nothing(self):
        assert shown("{% funnel steps %}", steps=[{"label": "Applied", "count": 0}]) == "Applied 0 —"


class TestSpark:
    def test_the_points_run_from_left_to_right_and_the_largest_is_on_top(self):
        assert spark_points([1, 3, 2]) == {"points": "0.0,24.0 40.0,0.0 80.0,12.0", "x": "80.0", "y": "12.0"}

    def test_one_number_is_no_trend(self):
        assert spark_points([7]) is None


class TestChart:
    DATA = {"categories": ["2015", "2016"], "unit": "yuan", "bars": [{"name": "Wages", "values": [10, 20]}]}

    def test_the_table_has_the_numbers_of_the_chart(self):
        part = drawn("{% chart_frame 'c' 'Income' data %}{% endchart_frame %}", data=self.DATA)
        assert words(part.partition("<thead>")[2]) == "Item Wages 2015 10 2016 20"
        assert re.findall(r'data-chart="([^"]*)"', part) == re.findall(r'<script id="([^"]*)"', part) == ["c-data"]


class TestField:
    class Form(forms.Form):
        amount = forms.DecimalField(label="Amount")

        def clean_amount(self) -> Decimal:
            raise ValidationError("Too much.", params={"remedy": "Enter less."})

    def test_error_and_remedy_stand_at_the_field_and_are_told_to_readers(self):
        part = drawn("{% field form.amount unit='yuan' %}", form=self.Form({"amount": "1"}))
        assert 'aria-invalid="true"' in part
        (described,) = re.findall(r'aria-describedby="([^"]*)"', part)
        assert words(part.partition(f'<div id="{described}">')[2]) == "Too much. Enter less."

    def test_a_sound_field_says_that_it_is_required_and_its_unit(self):
        assert shown("{% field form.amount unit='yuan' %}", form=self.Form()) == "Amount * (required) yuan"

    @pytest.mark.parametrize("data", [{}, {"cases": ["b"]}])
    def test_the_boxes_of_a_group_are_those_that_django_writes(self, data: dict[str, list[str]]):
        class Boxes(forms.Form):
            cases = forms.MultipleChoiceField(
                choices=[("a", "One <1>"), ("b", "Two & 2")],
                widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input", "required": True}),
            )

        form = Boxes(data)
        part = drawn("{% field form.cases %}", form=form)
        found = [str(parse_html(each)) for each in re.findall(r"<input[^>]*>", part)]
        assert found == [str(parse_html(each.tag())) for each in form["cases"]]
        assert shown("{% field form.cases %}", form=Boxes()) == "Cases One <1> Two & 2"

    def test_what_speaks_against_the_whole_form_stands_above_it_with_the_remedy(self):
        form = ActionForm({})
        assert shown("{% form_errors form %}", form=form) == ""
        form.refuse(UserError("GOV-016", "It is over.", remedy="Look again."))
        assert shown("{% form_errors form %}", form=form) == "It is over. (GOV-016) What to do Look again."


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "title"), [("zh-hans", "界面组件 · 立卡"), ("en", "Parts of the screens · Lika")])
def test_the_page_of_parts_is_shown_in_both_languages_and_marked(language: str, title: str):
    client = signed_in(Role.VILLAGE)
    client.post("/i18n/setlang/", {"language": language})
    page = client.get("/design/")
    assert f"<title>{title}</title>" in page.content.decode()
    assert page.context["rows"][0]["name"] == "石演示"
    assert 'class="demo-mark"' in page.content.decode()
