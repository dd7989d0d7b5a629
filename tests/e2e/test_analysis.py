"""The analysis page in a browser: choose, see, click through to lists of that many, share, export. 演示数据"""

import io
import re

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from lika.accounts.choices import Role
from tests.e2e.place import Place

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def analysis(page: Page, place: Place) -> Page:
    """The page, opened by the county office."""
    place.sign_in(page, Role.COUNTY)
    page.goto(f"{place.url}/analysis/")
    return page


def opened(page: Page, place: Place, query: str) -> None:
    """Open a table with its pictures drawn."""
    page.goto(f"{place.url}/analysis/?{query}")
    for picture in page.locator("[data-chart]").all():
        expect(picture).to_have_attribute("data-drawn", "true")


def table_of(page: Page) -> dict[str, list[str]]:
    """The table as it is shown: the values by the words of the row."""
    page.wait_for_load_state()  # a click comes back when the next page has begun, not when its table is there
    lines = page.locator("table.analysis-table tbody tr").all()
    return {line.locator("th").inner_text(): line.locator("td").all_inner_texts() for line in lines}


def total_of_list(page: Page) -> int:
    """How many units the list that was opened says it holds."""
    page.wait_for_load_state()
    found = re.search(r"共 ([\d,]+) (户|个行政村)", page.locator(".list-foot").first.inner_text())
    return int(found[1].replace(",", "")) if found else 0


def click_on_chart(page: Page, chart: str, finder: str, position: list[float]) -> None:
    """Click where a chart draws a value."""
    element = page.locator(chart)
    element.scroll_into_view_if_needed()
    x, y = page.evaluate(
        """([chart, finder, position]) =>
           echarts.getInstanceByDom(document.querySelector(chart)).convertToPixel(JSON.parse(finder), position)""",
        [chart, finder, position],
    )
    element.click(position={"x": x, "y": y})
    page.wait_for_url("**/households/?analysis=*")


def test_what_is_chosen_is_counted_at_once(analysis: Page):
    analysis.get_by_label("行", exact=True).select_option(label="村")
    expect(analysis.locator("table.analysis-table")).to_be_visible()
    analysis.get_by_label("列", exact=True).select_option(label="贫困状态")
    expect(analysis.get_by_role("columnheader", name="已脱贫")).to_be_visible()
    assert table_of(analysis) == {"合计": ["4", "1", "5"], "石磊村": ["2", "1", "3"], "坡头村": ["2", "0", "2"]}
    for picture in ("#analysis-chart", "#analysis-map"):
        expect(analysis.locator(picture)).to_have_attribute("data-drawn", "true")
    assert "截至2016年12月31日" in analysis.locator(".page-subtitle").inner_text()

    analysis.get_by_label("增加筛选条件").select_option(label="饮水是否安全")
    analysis.get_by_label("否", exact=True).check()
    expect(analysis.locator(".chip", has_text="饮水是否安全：否").first).to_be_visible()
    assert table_of(analysis) == {"合计": ["1", "1"], "石磊村": ["1", "1"]}


def test_every_number_opens_a_list_of_that_many(analysis: Page, place: Place):
    opened(analysis, place, "r=causes&c=poverty")
    links = analysis.locator("table.analysis-table td a")
    expected = [(link.get_attribute("href"), int(link.inner_text())) for link in links.all()]
    assert sum(number for _url, number in expected) > 10
    found = []
    for url, _number in expected:
        analysis.goto(f"{place.url}{url}")
        found.append((url, total_of_list(analysis)))
    assert found == expected


def test_a_bar_and_a_place_on_the_map_open_their_lists(analysis: Page, place: Place):
    opened(analysis, place, "r=village")
    assert table_of(analysis) == {"合计": ["5"], "石磊村": ["3"], "坡头村": ["2"]}
    click_on_chart(analysis, "#analysis-chart", '{"seriesIndex": 0}', [1, 1])
    assert total_of_list(analysis) == 2

    opened(analysis, place, "r=village")
    click_on_chart(analysis, "#analysis-map", '"geo"', [104.39, 34.04])
    assert total_of_list(analysis) == 3


def test_combinations_of_measures_as_an_upset_plot(analysis: Page, place: Place):
    opened(analysis, place, "r=overlap")
    assert table_of(analysis) == {
        "合计": ["5"],
        "未享受措施": ["2"],
        "产业": ["1"],
        "产业 + 生态": ["1"],
        "生态": ["1"],
    }
    drawn = analysis.evaluate(
        """() => echarts.getInstanceByDom(document.querySelector("#analysis-chart")).getOption().series
           .map((one) => [one.name, one.data.length])"""
    )
    assert drawn == [["农户", 3], ["empty", 2], ["joined", 1], ["member", 4]]
    click_on_chart(analysis, "#analysis-chart", '{"seriesIndex": 0}', [2, 0.5])
    assert total_of_list(analysis) == 1
    expect(analysis.locator(".notice")).to_contain_text("产业 + 生态")


def test_villages_open_a_list_of_villages(analysis: Page, place: Place):
    opened(analysis, place, "u=village&r=met.few_poor")
    number = analysis.locator(".total-row td a").last
    assert number.inner_text() == "2"
    number.click()
    expect(analysis.get_by_role("heading", level=1, name="行政村")).to_be_visible()
    assert total_of_list(analysis) == 2
    analysis.get_by_role("link", name="石磊村").click()
    assert total_of_list(analysis) == 3


def test_a_link_shows_everybody_their_own_numbers(analysis: Page, place: Place, browser: Browser):
    opened(analysis, place, "r=village&f=poverty:poor")
    link = analysis.get_by_label("本表链接").input_value()
    assert link.startswith(place.url)
    assert table_of(analysis) == {"合计": ["4"], "石磊村": ["2"], "坡头村": ["2"]}
    other = browser.new_context(locale="zh-CN")
    tab = other.new_page()
    place.sign_in(tab, Role.VILLAGE)
    tab.goto(link)
    assert table_of(tab) == {"合计": ["2"], "石磊村": ["2"]}
    other.close()


def test_a_view_is_kept_and_opened_again(analysis: Page, place: Place):
    opened(analysis, place, "r=attribute&c=safe_water")
    shown = table_of(analysis)
    analysis.get_by_label("视图名称").fill("演示·属性与饮水")
    analysis.get_by_role("button", name="保存视图").click()
    analysis.wait_for_load_state()
    analysis.goto(f"{place.url}/analysis/")
    analysis.get_by_role("navigation", name="已保存的视图").get_by_role("link", name="演示·属性与饮水").click()
    assert table_of(analysis) == shown
    expect(analysis.locator(".chip[aria-current=true]")).to_have_text("演示·属性与饮水")


def test_the_workbook_holds_the_numbers_of_the_screen(analysis: Page, place: Place):
    opened(analysis, place, "r=village&c=poverty")
    shown = table_of(analysis)
    analysis.get_by_role("button", name="导出", exact=True).click()
    with analysis.expect_download() as found:
        analysis.get_by_role("button", name="下载文件").click()
    sheet = openpyxl.load_workbook(io.BytesIO(found.value.path().read_bytes())).worksheets[0]
    rows = {row[0]: [f"{value:,}" for value in row[1:]] for row in sheet.iter_rows(values_only=True) if row[0] in shown}
    assert rows == shown
