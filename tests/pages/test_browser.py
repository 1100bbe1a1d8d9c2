"""Pages in a real browser: from files and the server, by keyboard, and without JavaScript."""

from __future__ import annotations

import re

import pytest

from tests.browsing import NEEDS_CHROMIUM, violations
from tests.cli.running import Tally, process
from tests.pages.conftest import THROUGH
from tests.pages.test_serving import served

playwright = pytest.importorskip(
    "playwright.sync_api", reason="no playwright: pip install '.[browser]'"
)

expect = playwright.expect

pytestmark = NEEDS_CHROMIUM

MAX_TABS = 60
"""More presses of Tab than any test needs."""
MANY = 2_000


@pytest.fixture(scope="module")
def server(town):
    with served(town.url, "--lang", "en") as (port, _):
        yield f"http://127.0.0.1:{port}/"


@pytest.fixture(params=["server", "file"])
def start(request):
    """Return the address of the ranking, on the server and in the static site."""
    if request.param == "server":
        return f"{request.getfixturevalue('server')}ranking?through={THROUGH}"
    return (request.getfixturevalue("site") / "2016/ranking.html").as_uri()


def expect_units(page, *starts):
    """Wait until the visible units of the ranking start with these texts."""
    cells = page.locator("table.ranking tbody tr:visible td:nth-child(2)")
    expect(cells).to_have_text([re.compile("^" + re.escape(start)) for start in starts])


def tab_to(page, name):
    """Press Tab until an element with this text or name has the focus."""
    for _ in range(MAX_TABS):
        page.keyboard.press("Tab")
        text = page.evaluate("document.activeElement.innerText || document.activeElement.name")
        if text and text.strip().startswith(name):
            return
    raise AssertionError(f"Tab never reached {name}")


def test_links_lead_from_the_ranking_to_an_entry_and_back(start, opened):
    page = opened()
    page.goto(start)
    page.get_by_role("link", name="V001 甲村").click()
    expect(page.locator("h1")).to_have_text("V001 甲村 2016")
    page.get_by_role("link", name="2016Q2", exact=True).first.click()
    posting = page.locator("details.posting", has_text="Abnormal petitions 3 people")
    expect(posting.get_by_text("进京赴省上访")).to_be_hidden()
    posting.locator("summary").click()
    expect(posting.get_by_text("进京赴省上访")).to_be_visible()
    posting.get_by_role("link", name="B-1.2", exact=True).first.click()
    expect(page.locator("main")).to_contain_text("Effect on scores")
    entry = page.locator("article", has_text="Effect on scores").filter(has_text="replaces B-1")
    entry.get_by_role("link", name="三（一）2 Abnormal petitions").click()
    # The fragment of the address opens the posting.
    page.wait_for_selector("details[id='abnormal-petitions.B-1.2'][open]")
    for expected in ("B-1.2", "2016Q2", "V001 甲村 2016", "Ranking 2016"):
        page.go_back()
        expect(page.locator("main")).to_contain_text(expected)
    expect(page).to_have_title("Ranking 2016 · tally")


def test_ranking_filters_and_sorts_without_requests(start, opened):
    page = opened()
    page.goto(start)
    expect_units(page, "V002", "V001", "C/1 ")
    page.get_by_label("Flag").select_option("vetoed")
    expect_units(page, "V001 甲村")
    expect(page.locator("output")).to_have_text("1 / 3")
    page.get_by_label("Flag").select_option("")
    page.get_by_label("Text").fill("丙")
    expect_units(page, "C/1")
    page.get_by_label("Text").fill("")
    heading = page.get_by_role("button", name="Unit")
    heading.click()
    expect_units(page, "C/1 ", "V001", "V002")
    page.get_by_role("button", name="Q1").click()
    expect_units(page, "C/1 ", "V001", "V002")


def test_keyboard_alone_reaches_an_entry(start, opened):
    page = opened()
    page.goto(start)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    box = page.locator(".skip").bounding_box()
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    tab_to(page, "V001")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"
    page.keyboard.press("Enter")
    page.wait_for_selector("svg.line")
    tab_to(page, "2016Q2")
    page.keyboard.press("Enter")
    page.wait_for_selector(".balance")
    for _ in range(MAX_TABS):
        page.keyboard.press("Tab")
        if "Abnormal petitions 3 people" in page.evaluate("document.activeElement.innerText ?? ''"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("details[open]")
    expect(page.get_by_text("进京赴省上访").first).to_be_visible()
    tab_to(page, "B-1.2")
    page.keyboard.press("Enter")
    page.wait_for_selector("article.life h2, article.life h3")
    tab_to(page, "V001")
    page.keyboard.press("Enter")
    page.wait_for_selector("svg.line")
    # There is no keyboard trap: Tab goes on beyond the last link.
    seen = set()
    for _ in range(MAX_TABS):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.outerHTML.slice(0, 80)"))
    assert len(seen) > 5


def test_pages_work_without_javascript(start, opened):
    page = opened(java_script_enabled=False)
    page.goto(start)
    expect(page.locator("table.ranking tbody tr")).to_have_count(3)
    assert page.locator("th button").count() == 0
    page.get_by_role("link", name="V001 甲村").click()
    page.get_by_role("link", name="2016Q2", exact=True).first.click()
    posting = page.locator("details.posting", has_text="Abnormal petitions 3 people")
    posting.locator("summary").click()
    expect(posting.get_by_text("进京赴省上访")).to_be_visible()
    posting.get_by_role("link", name="B-1.2", exact=True).first.click()
    expect(page.get_by_text("Effect on scores").first).to_be_visible()


def test_server_forms_work_without_javascript(server, town, opened):
    page = opened(java_script_enabled=False)
    page.goto(f"{server}period?unit=V001&period=2016Q2")
    page.get_by_label("As known on").fill(str(town.published))
    page.get_by_label("Through").fill(THROUGH)
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".balance").last).to_have_text("Closes at 19 points")
    expect(page.get_by_text("An earlier state")).to_be_visible()
    page.get_by_role("link", name="Show the newest state").click()
    expect(page.locator(".balance").last).to_have_text("Closes at 18 points")
    page.goto(f"{server}ranking?through={THROUGH}")
    page.get_by_label("Type").select_option("community")
    page.get_by_role("button", name="Filter").click()
    expect_units(page, "C/1")


def test_tables_for_auditors_sort_without_javascript_and_axe_finds_nothing(server, opened):
    page = opened(java_script_enabled=False)
    page.goto(f"{server}audit?list=late&through={THROUGH}")
    page.get_by_role("columnheader", name="Id").get_by_role("link").click()
    ids = page.locator("#late tbody tr td:first-child").all_inner_texts()
    assert ids == sorted(ids)
    assert len(ids) > 10
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Id")
    page = opened(viewport={"width": 390, "height": 844})
    for path in ("corrections", "audit", "audit?list=late", "costs", "bulletin?period=2016Q2"):
        for lang in ("zh", "en"):
            page.goto(f"{server}{path}{'&' if '?' in path else '?'}lang={lang}")
            assert violations(page) == {}, (path, lang)


def test_slider_sets_the_position_field(server, town, opened):
    page = opened()
    page.goto(f"{server}ranking?through={THROUGH}")
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    field = page.locator("input[name=as_of]")
    assert field.input_value() == str(town.last - 1)
    page.get_by_role("button", name="Show").click()
    text = f"as known at position {town.last - 1}"
    expect(page.locator(".known")).to_contain_text(text)


def test_a_script_in_a_text_is_shown_and_not_run(start, opened):
    page = opened()
    page.goto(start)
    page.get_by_role("link", name="C/1").click()
    text = "丙社区<script>document.title='owned'</script>"
    expect(page.locator("h1")).to_contain_text(text)
    assert "owned" not in page.title().split(" · ")[-1]
    assert page.evaluate("document.scripts.length") == 1


def test_chinese_names_use_a_cjk_font(server, opened):
    """The browser itself reports the fonts of a unit's name.

    Of pages in files it cannot: its tools ask for them again, which it refuses as unsafe.
    """
    page = opened()
    page.goto(f"{server}ranking?through={THROUGH}")
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    found = {"nodeId": root, "selector": "td span[lang=zh-CN]"}
    name = session.send("DOM.querySelector", found)["nodeId"]
    fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": name})["fonts"]
    names = {font["familyName"] for font in fonts}
    if not any("CJK" in name or "Source Han" in name for name in names):
        pytest.skip(f"no CJK font but {names}: apt-get install fonts-noto-cjk")


def test_printing_opens_what_moves_points_and_closes_it_again(site, opened):
    page = opened()
    page.goto((site / "2016/periods/2016Q2/V001.html").as_uri())
    page.emulate_media(media="print")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    assert not page.locator("nav").first.is_visible()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("main details:not([open]):not(.nought)").count() == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("main details:not([open])").count() > 0


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """Yield the addresses of the sample year of 46 units in Chinese: server and static site."""
    folder = tmp_path_factory.mktemp("sample")
    assert process("demo", "town", folder=folder).status == 0
    url = f"sqlite:///{folder}/town/tally.db"
    assert process("site", "pages", "--lang", "zh", folder=folder, url=url).status == 0
    with served(url, "--lang", "zh") as (port, _):
        yield {
            "server": f"http://127.0.0.1:{port}/",
            "file": (folder / "pages/index.html").as_uri(),
        }


@pytest.mark.parametrize("by", ["server", "file"])
def test_every_page_of_the_sample_year_opens(sample, by, opened):
    """Follow every link of the navigation, and one link further from each."""
    page = opened(locale="zh-CN")
    page.goto(sample[by])
    page.get_by_role("navigation").get_by_role("link", name="排名").click()
    expect(page.locator("table.ranking tbody tr")).to_have_count(46)
    links = [
        ("待办事项", None, None),
        ("差异", "此后变化", "→"),
        ("解释", None, None),
        ("条款", "分，", "非正常上访工作"),
        ("排名", "V017", "2016"),
    ]
    for name, inner, heading in links:
        page.get_by_role("navigation").get_by_role("link", name=name).click()
        expect(page.locator("[aria-current=page]")).to_have_text(name)
        if inner is not None:
            found = page.locator("main").get_by_role("link", name=inner)
            (found.nth(3) if name == "条款" else found.first).click()
            expect(page.locator("h1")).to_contain_text(heading)
    page.get_by_role("link", name="2016Q3").first.click()
    page.locator("summary", has_text="非正常上访工作").first.click()
    page.locator("details[open] article.life a").first.click()
    expect(page.locator("main")).to_contain_text("涉及的计分")


SHOWN = (
    *("", "ranking", "unit?id=V017", "period?unit=V017&period=2016Q3", "search?q=V0"),
    *("search?q=2016-03", "entry?id=B-2016-0035", "clauses", "open", "entry?id=none"),
)


@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (390, "dark")])
def test_axe_finds_nothing(sample, browser, width, scheme):
    """Contrast, labels, headings and tables, in both colour schemes."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page, found = context.new_page(), {}
    for path in SHOWN:
        page.goto(sample["server"] + path)
        if found_here := violations(page):
            found[path] = found_here
    context.close()
    assert found == {}


def test_the_bar_of_the_state_is_folded_on_telephones(sample, opened):
    page = opened(viewport={"width": 390, "height": 800}, locale="zh-CN")
    page.goto(sample["server"])
    field = page.get_by_label("台账时点").first
    expect(field).to_be_hidden()
    page.get_by_text("查看其他时点或截止日").click()
    expect(field).to_be_visible()
    wide = opened(viewport={"width": 1400, "height": 800}, locale="zh-CN")
    wide.goto(sample["server"])
    expect(wide.get_by_label("台账时点").first).to_be_visible()


def pages_of(page):
    """Return the number of sheets that the page that is open is printed on."""
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_a_period_is_printed_on_two_sheets_and_a_year_on_four(sample, opened):
    """V017 has the most batches of the sample year; the heads of tables come on every sheet."""
    page = opened()
    page.goto(f"{sample['server']}period?unit=V017&period=2016Q3")
    assert pages_of(page) <= 2
    page.goto(f"{sample['server']}unit?id=V017")
    assert pages_of(page) <= 4
    page.goto(sample["server"])
    assert pages_of(page) == 1
    page.goto(f"{sample['server']}period?unit=V017&period=2016Q3")
    page.emulate_media(media="print")
    head = page.locator("table.postings thead").first
    assert head.evaluate("one => getComputedStyle(one).display") == "table-header-group"
    # What costs nothing is one line each; what moves points tells the facts of its entries.
    rows = page.locator("table.postings tbody tr.nought > td:first-child")
    heights = rows.evaluate_all("all => all.map(one => one.parentElement.offsetHeight)")
    assert len(heights) == 8
    assert max(heights) <= 20
    expect(page.locator("tr.minus .content").first).to_be_visible()
    expect(page.locator("tr.nought .content").first).to_be_hidden()


def test_the_search_box_leads_to_a_unit_and_lists_parts(sample, opened):
    page = opened(java_script_enabled=False, locale="zh-CN")
    page.goto(sample["server"] + "clauses")
    page.get_by_role("searchbox").fill("V017")
    page.get_by_role("button", name="查找").click()
    expect(page.locator("h1")).to_contain_text("V017 枫笛坪村")
    page.get_by_role("searchbox").fill("XF-2016-0348")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("main tbody tr").first).to_contain_text("XF-2016-0348")


def test_ranking_of_2000_units_filters_and_sorts_in_time(opened, tmp_path):
    """The default timeouts hold, which leave room for a busy machine."""
    tally = Tally(tmp_path)
    tally("init").ok()
    units = [
        {"kind": "unit", "id": f"V{number:04}", "name": f"第{number}村", "type": "village"}
        for number in range(MANY)
    ]
    tally.take_in(*units)
    with served(tally.url, "--lang", "en") as (port, _):
        page = opened()
        page.goto(f"http://127.0.0.1:{port}/ranking?year=2016&through=2016-05-31")
        assert page.locator("table.ranking tbody tr").count() == MANY
        page.get_by_label("Text").fill("v0042")
        expect_units(page, "V0042 第42村")
        page.get_by_label("Text").fill("")
        page.get_by_role("button", name="Unit").click()
        page.get_by_role("button", name="Unit").click()
        page.locator("table.ranking tbody tr").first.get_by_role("link").click()
        expect(page.locator("h1")).to_have_text("V1999 第1999村 2016")
        # Close the page before its server ends, else pending requests fail.
        page.context.close()
