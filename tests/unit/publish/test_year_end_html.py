"""The page: every figure as it should be printed, nothing run, nothing asked for."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bcf_model.core import money
from bcf_model.core.figures import MEASURES, Figure
from bcf_model.explain.indicators import written
from bcf_model.pool import load
from bcf_model.publish import html, write, year_end_pages
from bcf_model.year.pipeline import run
from bcf_model.year.results import Results
from tests.longer import slow
from tests.make.places import INPUTS, SHEFFIELD
from tests.make.shipped import results_of

EVIL = '"><img src=x><script>alert(1)</script>'
QUOTED = EVIL.replace('"', '""')
FILES = {
    "pool.toml": f"""title = '{EVIL}'
board = '{EVIL}'
financial_year = "2018-19"
unit = "pounds"
as_at = 2019-03-31
source = "</style><script>alert(1)</script>"
""",
    "organisations.csv": "organisation,name,organisation_kind\n"
    f'ICB,"{QUOTED}",nhs\nLA,LA,council\n',
    "themes.csv": f'theme,name\n1,"{QUOTED}"\n2,Nil\n3,Negative\n',
    "categories.csv": f'category,name,summary_group\nA,"{QUOTED}",A\n',
    "schemes.csv": "scheme_id,theme,organisation,scheme,category,kind,pooling,budget,expenditure\n"
    f'S1,1,ICB,"{QUOTED}",A,revenue,pooled,100.00,112.35\n'
    "S2,2,LA,Nil budget,A,capital,pooled,0,3.01\n"
    "S3,3,LA,Income,A,revenue,pooled,(50.00),(70.99)\n",
    "rules.csv": "rule_id,scope,direction,step,basis,bearer,share,clause\n"
    f'R,category=A,either,1,own,budget holder,100,"{QUOTED}"\n',
}


class Reader(HTMLParser):
    """Reads a page into its tags, and the text of every element that shows a figure."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.figures: list[tuple[str, str]] = []
        self._figure: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "a" and self._figure:
            return  # the text of a figure stands in the link to its derivation
        self._figure = dict(attrs).get("data-figure")
        if self._figure:
            self.figures.append((self._figure, ""))

    def handle_data(self, data: str) -> None:
        if self._figure:
            self.figures[-1] = (self._figure, data)

    def handle_endtag(self, tag: str) -> None:
        self._figure = None


def printed(results: Results, figure: Figure) -> str:
    value = results.figures.value(figure)
    if value is None:
        return ""
    if MEASURES[figure.measure].unit == "rate":
        return money.percent(value)
    if MEASURES[figure.measure].unit in ("number", "whole"):
        said = written(results.figures, figure)
        return f"({said[1:]})" if said.startswith("-") else said
    unit = "pounds" if MEASURES[figure.measure].table == "price_volume" else ""
    return money.shown(int(value), unit or results.inputs.settings.unit)


def page_of(results: Results) -> str:
    return html.page(write.document(results))


@pytest.fixture
def evil(tmp_path: Path) -> Results:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return run(load(tmp_path))


@pytest.fixture(scope="module")
def real() -> Results:
    return results_of(SHEFFIELD)


@slow
def test_what_the_data_says_is_never_markup(evil: Results):
    text = page_of(evil)
    tags = Reader(text).tags
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert not {"img", "script", "iframe", "object", "form"} & {tag for tag, _ in tags}
    assert not [name for _, attrs in tags for name in attrs if name.startswith("on")]


@slow
def test_nothing_is_asked_for_and_nothing_may_run(evil: Results):
    tags = Reader(page_of(evil)).tags
    policies = [a["content"] for _, a in tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policies[0].startswith("default-src 'none';") and "script-src" not in policies[0]
    links = [attrs[key] for _, attrs in tags for key in ("src", "href", "action") if key in attrs]
    assert {link for link in links if not link.startswith("#")} == {"data:,"}
    anchors = {attrs.get("id") for _, attrs in tags}
    assert {link[1:] for link in links if link.startswith("#")} <= anchors
    assert "url(" not in page_of(evil) and "@import" not in page_of(evil)


@slow
def test_figures_below_nil_are_marked_and_no_others(real: Results):
    cells = [attrs for tag, attrs in Reader(page_of(real)).tags if tag == "td"]
    marked = {
        (attrs["data-figure"], "neg" in (attrs.get("class") or "").split())
        for attrs in cells
        if attrs.get("data-figure")
    }
    below = {
        (figure, (real.figures.value(Figure.parse(figure)) or 0) < 0)
        for figure, _ in marked
        if figure
    }
    assert marked == below
    assert {is_below for _, is_below in below} == {True, False}


@slow
def test_the_head_counts_the_checks_and_the_warnings(real: Results):
    text = page_of(real)
    assert f'<a href="#checks">All {len(real.outputs["checks"])} checks hold</a>' in text
    assert '<a href="#findings">5 warnings about the data</a>' in text


@slow
def test_every_identifier_is_used_once(real: Results):
    named = [attrs["id"] for _, attrs in Reader(page_of(real)).tags if "id" in attrs]
    assert len(named) == len(set(named))


@slow
def test_every_figure_of_the_pages_is_printed_as_computed(real: Results, evil: Results):
    for results in (real, evil):
        wanted = [
            (str(cell), printed(results, cell))
            for sheet in year_end_pages.sheets(results)
            for row in sheet.rows
            for cell in row.cells
            if isinstance(cell, Figure)
        ]
        at_the_head = 3 + len(results.inputs.organisations) + 1  # who bears, and their total
        assert sorted(Reader(page_of(results)).figures[at_the_head:]) == sorted(wanted)


@slow
def test_the_head_says_what_when_and_how_much(real: Results):
    text = page_of(real)
    for said in (
        "Sheffield Better Care Fund pooled budget",
        "Sheffield Health and Wellbeing Board",
        "Year-end position 2018/19, as at 31 March 2019",
        "Overspend of £13.740m (3.6% of budget £382.075m)",
        "unaudited",
        f"All {len(real.checks)} checks hold",
        "£000, rounded to whole thousands",
        "half away from zero",
        "positive is an overspend",
    ):
        assert said in text


@slow
def test_a_blank_percentage_says_why(evil: Results):
    text = page_of(evil)
    assert "no %: budget is nil" in text and "no %: budget is negative" in text


@slow
def test_charts_are_told_in_words(real: Results):
    text = page_of(real)
    assert "Largest overspend: 4 Ongoing Care, 9,414 (6.7% of budget)." in text
    assert "Largest underspend: 7 Capital Grants, (2,136) (37.6% of budget)." in text
    assert "Sheffield City Council: revenue 9,948, capital (2,136); 7,812 in all." in text


@slow
def test_a_table_is_one_to_a_screen_reader(real: Results):
    text = page_of(real)
    assert text.count("<table>") == text.count("<caption") == text.count("<thead>")
    for row in re.findall(r"<tr class=.*?</tr>", text):
        assert row.count("<th") == 1 and "scope=row" in row.replace('"', "")


@slow
def test_the_same_results_give_the_same_bytes(real: Results):
    assert page_of(real) == page_of(real)


@slow
def test_the_page_is_light(real: Results):
    """The first bound is of the money; indicators, and what their section prints, come on top."""
    inputs = real.inputs
    tables = ("metrics", "metric_values", "denominators", "thresholds", "volumes")
    none = {name: getattr(inputs, name).iloc[:0] for name in tables}
    of_money = replace(inputs, published=inputs.published.iloc[:368], **none)
    assert len(page_of(run(of_money)).encode()) < 600_000
    assert len(page_of(real).encode()) < 640_000


@pytest.mark.parametrize(
    ("rate", "said"), [(0.0005, "0.1%"), (-0.0005, "(0.1%)"), (0.0, "0.0%"), (12.5, "1,250.0%")]
)
def test_rates_round_half_away_from_zero(rate: float, said: str):
    assert money.percent(rate) == said


@slow
def test_the_head_lists_other_bearers_and_their_total():
    example = INPUTS / "agreements" / "16-underspends"
    text = page_of(run(load(example)))
    head = text[text.index('<div class="position">') : text.index('<p class="proof">')]
    assert "<h3>Who is relieved by the underspend under the agreement</h3>" in head
    said = re.sub(r"<[^>]*>", " ", head.split("<h3>")[2])
    assert re.search(r"Contingency of the pool\s+\(£750\.00\)\s+paid in", said)
    assert re.search(r"Carried forward\s+\(£399\.50\)\s+underspend", said)
    assert "bears" not in said
    assert '<div class="sum"><dt>Together</dt>' in head
    assert "a relief, to the left, (in brackets)" in text


@slow
def test_a_total_of_a_column_is_printed():
    example = INPUTS / "agreements" / "12-ordered-calls"
    text = page_of(run(load(example)))
    table = text[text.index('<section id="reserves"') :]
    total = re.search(r'<tr class="total">(.*?)</tr>', table)
    assert total is not None
    assert re.sub(r"<[^>]*>", " ", total[1]).split() == ["All", *["5,000.00"] * 3, "0.00", "0.00"]
