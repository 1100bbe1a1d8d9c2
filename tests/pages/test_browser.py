"""In a real browser: from files and from the server, by keys alone, and with no script."""

from __future__ import annotations

import re
import shutil

import pytest

from tests.cli.running import Tally, process
from tests.pages.conftest import THROUGH
from tests.pages.test_serving import served

playwright = pytest.importorskip(
    "playwright.sync_api", reason="no playwright: pip install '.[browser]'"
)

expect = playwright.expect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium: apt-get install chromium")

QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
STEPS = 60
"""More presses of Tab than any way in these tests takes."""
MANY = 2_000


@pytest.fixture(scope="module")
def browser():
    """A browser with a profile of its own, new and thrown away."""
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


def _failed(request):
    """A request that failed; not one that the next page was quicker than."""
    return [] if request.failure == "net::ERR_ABORTED" else [f"{request.url} {request.failure}"]


@pytest.fixture
def opened(browser):
    """Opens a window; whatever fails to load or run in it is an error."""
    faults, contexts = [], []

    def window(**more):
        contexts.append(browser.new_context(**more))
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("requestfailed", lambda request: faults.extend(_failed(request)))
        page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
        return page

    yield window
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture(scope="module")
def server(town):
    with served(town.url, "--lang", "en") as (port, _):
        yield f"http://127.0.0.1:{port}/"


@pytest.fixture(params=["server", "file"])
def start(request):
    """The ranking, from the server or from a folder."""
    if request.param == "server":
        return f"{request.getfixturevalue('server')}?through={THROUGH}"
    return (request.getfixturevalue("site") / "index.html").as_uri()


def sees(page, *starts):
    """Waits until the units that are seen in the ranking are those that start so."""
    cells = page.locator("table.ranking tbody tr:visible td:nth-child(2)")
    expect(cells).to_have_text([re.compile("^" + re.escape(start)) for start in starts])


def focus(page, name):
    """Presses Tab until what has the focus says so."""
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        told = page.evaluate("document.activeElement.innerText || document.activeElement.name")
        if told and told.strip().startswith(name):
            return
    raise AssertionError(f"Tab never came to {name}")


def test_drill_down_from_the_ranking_to_an_entry_and_back(start, opened):
    page = opened()
    page.goto(start)
    page.get_by_role("link", name="V001 甲村").click()
    expect(page.locator("h1")).to_have_text("V001 甲村 2016")
    page.get_by_role("link", name="2016Q2", exact=True).first.click()
    posting = page.locator("details", has_text="Abnormal petitions: 2: 3 people")
    expect(posting.get_by_text("进京赴省上访")).to_be_hidden()
    posting.locator("summary").click()
    expect(posting.get_by_text("进京赴省上访")).to_be_visible()
    posting.get_by_role("link", name="B-1.2", exact=True).first.click()
    expect(page.locator("main")).to_contain_text("What it bears on")
    entry = page.locator("article", has_text="What it bears on").filter(has_text="replaces B-1")
    entry.get_by_role("link", name="三（一）2 Abnormal petitions").click()
    # The address leads to the posting, which is open.
    page.wait_for_selector("details[id='abnormal-petitions.B-1.2'][open]")
    for expected in ("B-1.2", "2016Q2", "V001 甲村 2016", "Ranking 2016"):
        page.go_back()
        expect(page.locator("main")).to_contain_text(expected)
    expect(page).to_have_title("Ranking 2016 · tally")


def test_filter_and_sort(start, opened):
    page = opened()
    page.goto(start)
    sees(page, "V002", "V001", "C/1 ")
    page.get_by_label("Flag").select_option("vetoed")
    sees(page, "V001 甲村")
    expect(page.locator("output")).to_have_text("1 / 3")
    page.get_by_label("Flag").select_option("")
    page.get_by_label("Text").fill("丙")
    sees(page, "C/1")
    page.get_by_label("Text").fill("")
    heading = page.get_by_role("button", name="Unit")
    heading.click()
    sees(page, "C/1 ", "V001", "V002")
    page.get_by_role("button", name="Q1").click()
    sees(page, "C/1 ", "V001", "V002")


def test_by_keys_alone(start, opened):
    page = opened()
    page.goto(start)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    box = page.locator(".skip").bounding_box()
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    focus(page, "V001")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"
    page.keyboard.press("Enter")
    page.wait_for_selector("svg.line")
    focus(page, "2016Q2")
    page.keyboard.press("Enter")
    page.wait_for_selector(".balance")
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        if "2: 3 people" in page.evaluate("document.activeElement.innerText ?? ''"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("details[open]")
    expect(page.get_by_text("进京赴省上访").first).to_be_visible()
    focus(page, "B-1.2")
    page.keyboard.press("Enter")
    page.wait_for_selector("article.life h3")
    focus(page, "V001")
    page.keyboard.press("Enter")
    page.wait_for_selector("svg.line")
    # No trap: on and on, Tab leaves the page's last link behind.
    seen = set()
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.outerHTML.slice(0, 80)"))
    assert len(seen) > 5


def test_without_a_script(start, opened):
    page = opened(java_script_enabled=False)
    page.goto(start)
    expect(page.locator("table.ranking tbody tr")).to_have_count(3)
    assert page.locator("th button").count() == 0
    page.get_by_role("link", name="V001 甲村").click()
    page.get_by_role("link", name="2016Q2", exact=True).first.click()
    posting = page.locator("details", has_text="Abnormal petitions: 2: 3 people")
    posting.locator("summary").click()
    expect(posting.get_by_text("进京赴省上访")).to_be_visible()
    posting.get_by_role("link", name="B-1.2", exact=True).first.click()
    expect(page.get_by_text("What it bears on").first).to_be_visible()


def test_the_fields_of_the_server_without_a_script(server, town, opened):
    page = opened(java_script_enabled=False)
    page.goto(f"{server}quarter?unit=V001&quarter=2016Q2")
    page.get_by_label("As known on").fill(str(town.published))
    page.get_by_label("Through").fill(THROUGH)
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".balance").last).to_have_text("Closes at 19")
    expect(page.get_by_text("An earlier state")).to_be_visible()
    page.get_by_role("link", name="Show now").click()
    expect(page.locator(".balance").last).to_have_text("Closes at 18")
    page.goto(f"{server}?through={THROUGH}")
    page.get_by_label("Type").select_option("community")
    page.get_by_role("button", name="Filter").click()
    sees(page, "C/1")


def test_the_slider_moves_the_field(server, town, opened):
    page = opened()
    page.goto(f"{server}?through={THROUGH}")
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    field = page.locator("input[name=as_of]")
    assert field.input_value() == str(town.last - 1)
    page.get_by_role("button", name="Show").click()
    told = f"as known at position {town.last - 1}"
    expect(page.locator(".known")).to_contain_text(told)


def test_a_text_with_a_script_is_read_not_run(start, opened):
    page = opened()
    page.goto(start)
    page.get_by_role("link", name="C/1").click()
    told = "丙社区<script>document.title='owned'</script>"
    expect(page.locator("h1")).to_contain_text(told)
    assert "owned" not in page.title().split(" · ")[-1]
    assert page.evaluate("document.scripts.length") == 1


def test_chinese_is_set_in_a_chinese_font(start, opened):
    """The browser itself names the font that a name is set in."""
    page = opened()
    page.goto(start)
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


def test_printed_on_a4_with_postings_open(site, opened):
    page = opened()
    page.goto((site / "2016/quarters/V001-Q2.html").as_uri())
    page.emulate_media(media="print")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    assert not page.locator("nav").first.is_visible()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("main details:not([open])").count() == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("main details:not([open])").count() > 0


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The sample year of 46 units, in Chinese, from the server and as a folder."""
    folder = tmp_path_factory.mktemp("sample")
    assert process("demo", "town", folder=folder).status == 0
    url = f"sqlite:///{folder}/town/tally.db"
    assert process("publish", "2016Q2", "--by", "office", folder=folder, url=url).status == 0
    assert process("site", "pages", "--lang", "zh", folder=folder, url=url).status == 0
    with served(url, "--lang", "zh") as (port, _):
        yield {
            "server": f"http://127.0.0.1:{port}/",
            "file": (folder / "pages/index.html").as_uri(),
        }


@pytest.mark.parametrize("by", ["server", "file"])
def test_every_page_of_the_sample_year_opens(sample, by, opened):
    """From the bar at the top and down into each; what fails to load or run is an error."""
    page = opened(locale="zh-CN")
    page.goto(sample[by])
    expect(page.locator("table.ranking tbody tr")).to_have_count(46)
    ways = [
        ("待办事项", None, None),
        ("差异", "此后变化", "→"),
        ("条款", "分，", "非正常上访工作"),
        ("排名", "V017", "2016"),
    ]
    for name, deeper, told in ways:
        page.get_by_role("navigation").get_by_role("link", name=name).click()
        expect(page.locator("[aria-current=page]")).to_have_text(name)
        if deeper is not None:
            links = page.locator("main").get_by_role("link", name=deeper)
            (links.nth(3) if name == "条款" else links.first).click()
            expect(page.locator("h1")).to_contain_text(told)
    page.get_by_role("link", name="2016Q3").first.click()
    page.locator("summary", has_text="非正常上访工作").first.click()
    page.locator("details[open] article.life a").first.click()
    expect(page.locator("main")).to_contain_text("涉及的计分")


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_is_wider_than_its_window(sample, opened, width):
    """Tables scroll within themselves, on a desk's screen and on a telephone's."""
    page = opened(viewport={"width": width, "height": 800})
    too_wide = []
    for path in (
        *(
            "",
            "?lang=en",
            "open?lang=en",
            "differences",
            "differences?from=9000",
            "clauses",
            "unit?id=V017",
        ),
        *("quarter?unit=V017&quarter=2016Q3", "entry?id=B-2016-0035", "clause?id=special-period"),
    ):
        page.goto(sample["server"] + path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        too_wide += [(path, wide)] if wide > width else []
    assert too_wide == []


def test_two_thousand_units(opened, tmp_path):
    """The ranking opens, narrows down and sorts while one waits; the times are generous."""
    tally = Tally(tmp_path)
    tally("init").ok()
    units = [
        {"kind": "unit", "id": f"V{number:04}", "name": f"第{number}村", "type": "village"}
        for number in range(MANY)
    ]
    tally.take_in(*units)
    with served(tally.url, "--lang", "en") as (port, _):
        page = opened()
        page.goto(f"http://127.0.0.1:{port}/?year=2016&through=2016-05-31")
        assert page.locator("table.ranking tbody tr").count() == MANY
        page.get_by_label("Text").fill("v0042")
        sees(page, "V0042 第42村")
        page.get_by_label("Text").fill("")
        page.get_by_role("button", name="Unit").click()
        page.get_by_role("button", name="Unit").click()
        first = page.locator("table.ranking tbody tr").first
        expect(first).to_contain_text("V1999")
        first.get_by_role("link").click()
        expect(page.locator("h1")).to_have_text("V1999 第1999村 2016")
        # Before its server: what it still fetches would fail.
        page.context.close()
