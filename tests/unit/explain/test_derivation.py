"""A derivation says where a figure comes from, and every number in it adds up."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner
from hypothesis import HealthCheck, given

from bcf_model.cli import cli
from bcf_model.core.errors import UnknownFigure
from bcf_model.core.figures import MEASURES, Figure
from bcf_model.core.words import MEASURED_BASES
from bcf_model.explain import indicators, render
from bcf_model.explain.derivation import explain, explain_named, names, near, piece
from bcf_model.explain.facts import Facts
from bcf_model.explain.reserves import WRITTEN as CLOSING
from bcf_model.explain.settlement import WRITTEN
from bcf_model.explain.tree import LARGEST, Node, from_plain, plain, walk
from bcf_model.explain.weights import measured
from bcf_model.publish import derivations, html, write
from bcf_model.publish.derivations import figures_on
from bcf_model.publish.year_end_pages import sheets
from bcf_model.year.pipeline import run
from bcf_model.year.results import Results
from tests.longer import slow, tries
from tests.make import shipped
from tests.make.agreements import random_agreement, seeds
from tests.make.places import INPUTS, ROOT
from tests.make.pools import inputs_of, pools, random_pool

GOLDEN = ROOT / "tests" / "golden" / "explain"
SHEFFIELD = "sheffield-2018-19"
TREES = (
    (SHEFFIELD, "variance/theme=4/organisation=SCC"),
    (SHEFFIELD, "borne/category=B/bearer=CCG"),
    (SHEFFIELD, "variance_percent/theme=7"),
    (SHEFFIELD, "variance_percent/scheme=T4-SCC-04"),
    ("agreements/12-ordered-calls", "borne/theme=2"),
    ("agreements/12-ordered-calls", "borne/bearer=SPARE"),
    ("agreements/15-caps-collars-tiers", "borne/bearer=Council"),
    ("agreements/11-cause-based-override", "borne/bearer=Council"),
    ("agreements/19-blended-payment", "borne/category=E/bearer=CCG"),
    ("agreements/19-blended-payment", "unpaid"),
)
ODD = tries(5, 40, suppress_health_check=[HealthCheck.too_slow])


def results_of(name: str) -> Results:
    return shipped.results_of(INPUTS / name)


def stored(name: str, figure: str) -> Path:
    return GOLDEN / f"{Path(name).name}_{re.sub('[/=]', '-', figure)}.txt"


@pytest.fixture(scope="module")
def real() -> Results:
    return results_of(SHEFFIELD)


def adds_up(node: Node) -> None:
    """Where a node is a sum of its children, it is so to the penny."""
    for one in walk(node):
        parts = [child.pence for child in one.children if child.adds]
        if parts:
            assert None not in parts and sum(parts) == one.pence, one


def pieces(facts: Facts, figures: Iterator[Figure] | tuple[Figure, ...]) -> dict[str, Node]:
    """Tell figures and all they refer to, as the web page does."""
    told_of: dict[str, Node] = {}
    names = [str(figure) for figure in figures]
    while names:
        name = names.pop()
        if name not in told_of:
            told_of[name] = piece(facts, name)
            names += [one.refers_to for one in walk(told_of[name]) if one.refers_to]
    return told_of


def explains(results: Results) -> None:
    facts = Facts(results)
    figures = figures_on(sheets(results))
    found = pieces(facts, figures)
    for figure in figures:
        value = results.figures.value(figure)
        node = found[str(figure)]
        unit = MEASURES[figure.measure].unit
        if unit == "number":
            assert node.number == indicators.written(results.figures, figure)
            continue
        assert (node.pence if unit == "money" else node.rate) == value
    for party, payment in results.outputs["settlement"][["party", "balancing_payment"]].values:
        found[WRITTEN + party] = piece(facts, WRITTEN + party)
        assert found[WRITTEN + party].pence == payment
    for code, left in results.outputs["reserves"][["reserve", "closing"]].values:
        found[CLOSING + code] = piece(facts, CLOSING + code)
        assert found[CLOSING + code].pence == left
    for node in found.values():
        adds_up(node)
        assert from_plain(json.loads(json.dumps(plain(node)))) == node
    for name, node in found.items():
        for one in walk(node):
            # What is referred to has the amount it is said to have; taken away, its negative.
            there = found.get(one.refers_to)
            if there and not one.refers_to.startswith(("line", "pot")) and name != one.refers_to:
                assert abs(one.pence or 0) == abs(there.pence or 0)
    weighs_as_measured(facts)


def weighs_as_measured(facts: Facts) -> None:
    """The contributions and budgets told are in the proportion of the weights that were used."""
    shares = facts.figures.tables["shares"]
    for i in shares.index[shares["basis"].isin(MEASURED_BASES)]:
        row = facts.row("shares", i)
        node = measured(facts, i)
        own = node.children[row["position"] - 1].pence
        assert own is not None and node.pence is not None
        assert own * row["total_weight"] == row["weight"] * node.pence


@pytest.mark.parametrize(("name", "figure"), TREES)
def test_trees_are_those_stored(name: str, figure: str) -> None:
    tree = explain(results_of(name), Figure.parse(figure))
    adds_up(tree)
    assert render.as_text(tree, 100) + "\n" == stored(name, figure).read_text(encoding="utf-8")


@slow
@ODD
@given(pools)
def test_every_figure_of_a_report_explains_and_adds_up(pool) -> None:
    explains(run(inputs_of(pool)))


@slow
@ODD
@given(seeds)
def test_every_figure_of_any_agreement_explains_and_adds_up(seed: int) -> None:
    explains(run(inputs_of(random_agreement(seed))))


@slow(first=4)
@pytest.mark.parametrize("folder", sorted((INPUTS / "agreements").iterdir()), ids=str)
def test_every_figure_of_the_worked_examples_explains(folder: Path) -> None:
    explains(shipped.results_of(folder))


def test_a_line_is_told_with_its_file_row_and_page(real: Results) -> None:
    tree = explain(real, Figure.of("variance", scheme="T4-SCC-08"))
    (line,) = tree.children
    assert line.sources == ("schemes.csv, row 36", "para 6.4 table row 45")
    assert line.said == ("Remark: no letter printed.",)
    numbers = (INPUTS / SHEFFIELD / "schemes.csv").read_text(encoding="utf-8")
    assert numbers.splitlines()[35].startswith("T4-SCC-08,")


@slow
def test_the_rows_of_a_workbook_are_told_with_their_sheet(real: Results) -> None:
    places = {"schemes": real.inputs.places["schemes"]}
    places["schemes"] = type(places["schemes"])("pool.xlsx", "schemes", places["schemes"].rows)
    moved = run(_with(real, places=places))
    tree = explain(moved, Figure.of("budget", scheme="T7-SCC-01"))
    assert tree.children[0].sources[0] == "pool.xlsx, sheet schemes, row 51"


def _with(results: Results, **changed):
    return replace(results.inputs, **changed)


def test_of_many_lines_the_largest_are_told_and_the_rest_together(real: Results) -> None:
    tree = explain(real, Figure.of("budget"))
    assert len(tree.children) == LARGEST + 1
    *largest, rest = tree.children
    assert rest.label == "31 other lines, each smaller" and not rest.sources
    sizes = [abs(child.pence or 0) for child in largest]
    assert sizes == sorted(sizes, reverse=True)
    adds_up(tree)
    everything = explain(real, Figure.of("budget"), everything=True)
    assert len(everything.children) == 51
    adds_up(everything)


def test_a_blank_percentage_says_why(real: Results) -> None:
    tree = explain(real, Figure.of("variance_percent", scheme="T4-SCC-07"))
    assert tree.rate is None and "Blank: no %: budget is nil." in tree.said


def said_in(tree: Node) -> str:
    return render.as_text(tree, 1000)


def test_a_limit_says_what_was_passed_on() -> None:
    results = results_of("agreements/15-caps-collars-tiers")
    said = said_in(explain(results, Figure.of("borne", category="K", bearer="Council")))
    assert "Reached: £200.00 of its share is passed on to step 2." in said
    assert "held between −£300.00 and £300.00" in said


def test_a_reserve_says_its_balance_before_and_after() -> None:
    results = results_of("agreements/12-ordered-calls")
    said = said_in(explain(results, Figure.of("borne", bearer="RISK")))
    assert "Asked for £4,200.04, it pays £4,000.00: £200.04 is passed on to step 3." in said
    assert re.search(r"Balance of the reserve before +£4,000.00", said)


def test_the_odd_penny_says_who_got_it() -> None:
    results = results_of("agreements/12-ordered-calls")
    tree = explain(results, Figure.of("borne", theme="2", bearer="Council"))
    odd = [line for node in walk(tree) for line in node.said if line.startswith("By rounding")]
    assert odd == [
        "By rounding, 0.2p less than the exact part, £1,200.042.",
        "By rounding, 0.2p more than the exact part, £800.028.",
    ]
    assert Fraction(200_007 * 2, 5) == Fraction("80002.8")


def test_an_unknown_figure_or_code_raises(real: Results) -> None:
    unknown = ("variance/theme=99", "borne/bearer=XYZ", "closing_budget/organisation=SCC")
    for text in (*unknown, "stated/x"):
        with pytest.raises(UnknownFigure):
            explain(real, Figure.parse(text))


def test_near_misses_are_named(real: Results) -> None:
    there = names(real, figures_on(sheets(real)))
    assert near("Varience/Theme=4", there) == ["variance/theme=4"]
    assert near("variance/organisation=scc", there) == ["variance/organisation=SCC"]
    assert near("bearer=CCG", there)[0] == "borne/bearer=CCG"
    # What comes first in the report is named first, where one is as likely as the other.
    assert near("variance/theme=", there) == [f"variance/theme={n}" for n in (1, 2, 3)]
    for text in ("zzz", "", "closing_pudding", "borne/bearer=Counsil", "overspend", "x" * 10**6):
        assert near(text, there) == []


@pytest.mark.parametrize("room", [40, 80, 120])
def test_text_fits_the_terminal(room: int) -> None:
    results = results_of("agreements/15-caps-collars-tiers")
    lines = render.as_text(explain(results, Figure.of("borne")), room).splitlines()
    assert max(map(len, lines)) <= room + (8 if room < 80 else 0)
    assert all("│" in line or "─" in line for line in lines[1:-12])


def test_markdown_keeps_what_the_data_says_from_being_markup() -> None:
    node = Node("a", 5, children=(Node("*b* <i>_x_ [y](z)", 5, adds=True, said=("1 | 2",)),))
    assert render.as_markdown(node).splitlines()[-2:] == [
        r"- \+ \*b\* \<i\>\_x\_ \[y\](z): **£0.05**",
        r"  <br>1 \| 2",
    ]


# ------------------------------------------------------------------ the command


def bcf(*arguments: str | Path):
    return CliRunner().invoke(cli, ["explain", *map(str, arguments)])


POOL = INPUTS / SHEFFIELD


@pytest.fixture
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the command work a pool out once for all tests of what it says."""
    shipped.work_out_once(monkeypatch)


@slow
def test_the_command_prints_the_tree_in_three_ways(real: Results) -> None:
    figure = "borne/category=B/bearer=CCG"
    tree = explain(real, Figure.parse(figure))
    done = bcf(POOL, figure)
    assert done.exit_code == 0 and "-£42,000.00" in done.output
    assert bcf(POOL, figure, "--format", "md").output == render.as_markdown(tree)
    said = json.loads(bcf(POOL, figure, "--format", "json").output)
    assert said["figure"] == figure and said["pool"] == SHEFFIELD
    assert from_plain(said["tree"]) == tree


@slow
@pytest.mark.usefixtures("once")
def test_the_command_lists_the_figures_of_the_report(real: Results) -> None:
    lines = bcf(POOL, "--list").output.splitlines()
    balances = ["settlement/party=CCG", "settlement/party=SCC"]
    on_pages = map(str, figures_on(sheets(real)))  # those of indicators among them, listed once
    figures = [*dict.fromkeys((*on_pages, *balances, *indicators.names(real)))]
    assert "indicator_difference/metric=NEA" in figures
    assert [line.split("  ")[0] for line in lines] == figures
    assert (
        "borne/bearer=CCG                       £5,928,000.00"
        in bcf(POOL, "--list", "borne").output.splitlines()
    )
    as_json = json.loads(bcf(POOL, "--list", "variance_percent", "--format", "json").output)
    assert {"figure": "variance_percent", "rate": 0.0359615} in [
        {**one, "rate": round(one["rate"], 7)} for one in as_json if one["rate"] is not None
    ]
    assert "| budget | £382,075,000.00 |" in bcf(POOL, "--list", "--format", "md").output


@slow
@pytest.mark.usefixtures("once")
def test_a_balancing_payment_is_told_from_what_is_borne_and_paid() -> None:
    folder = INPUTS / "agreements" / "13-held-outside-the-pool"
    done = bcf(folder, "settlement/party=Council")
    first = done.output.splitlines()[0]
    assert done.exit_code == 0 and first.split() == ["settlement/party=Council", "-£500.00"]
    assert "+ Less borne/bearer=Council/held=outside the pool" in done.output
    unknown = bcf(folder, "settlement/party=Counsel")
    assert unknown.exit_code == 2 and "'Council'?" in unknown.output


@slow
@pytest.mark.usefixtures("once")
def test_balances_are_listed_and_completed() -> None:
    folder = INPUTS / "agreements" / "12-ordered-calls"
    assert bcf(folder, "--list", "settlement").output.splitlines()[0].split() == [
        "settlement/party=CCG", "-£3,799.99",
    ]  # fmt: skip
    assert bcf(folder, "--list", "closing").output.split() == [
        "closing/reserve=RISK", "£0.00", "closing/reserve=SPARE", "£0.00",
    ]  # fmt: skip
    assert completed(str(folder), incomplete="clos") == [
        "closing/reserve=RISK", "closing/reserve=SPARE",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("settlement", "settlement is asked for by party: settlement/party=CCG, settlement/party"),
        ("settlement/", "settlement is asked for by party: settlement/party=CCG"),
        ("settlement/CCG", "settlement is asked for by party: settlement/party=CCG"),
        ("closing", "closing is asked for by reserve: closing/reserve=RISK, closing/reserve=SPARE"),
        ("closing/reserve=RISC", "there is no such reserve; 'RISK'? (one of RISK, SPARE)"),
    ],
)
@pytest.mark.usefixtures("once")
def test_a_balance_half_named_says_what_to_type(asked: str, said: str) -> None:
    done = bcf(INPUTS / "agreements" / "12-ordered-calls", asked)
    assert done.exit_code == 2 and said in " ".join(done.output.split())
    assert asked == "closing/reserve=RISC" or "Near it" not in done.output


@slow
@pytest.mark.usefixtures("once")
def test_a_pool_without_reserves_says_so() -> None:
    for asked in ("closing", "closing/reserve=RISK"):
        done = bcf(POOL, asked)
        assert done.exit_code == 2
        assert re.search(r"this pool has no reserve|the pool has none", done.output)


@pytest.mark.usefixtures("once")
def test_a_list_of_nothing_says_so() -> None:
    done = bcf(POOL, "--list", "varience")
    assert done.exit_code == 2 and done.stdout == ""
    said = " ".join(done.output.split())
    assert (
        "no figure of the report begins with 'varience'. Near it on the report: variance." in said
    )
    done = bcf(POOL, "--list", "zzz", "--format", "json")
    assert done.exit_code == 2 and "Near it" not in done.output


@pytest.mark.parametrize("filler", ["x", "a ", "x=y/", "\x1b"])
@pytest.mark.parametrize("start", ["", "variance/theme=", "settlement/party=", "--list"])
@pytest.mark.usefixtures("once")
def test_a_figure_without_end_is_not_repeated(start: str, filler: str) -> None:
    long = filler * 20_000
    arguments = [start, long] if start == "--list" else [start + long]
    done = bcf(POOL, *arguments)
    assert done.exit_code == 2
    assert len(done.output) < 2_000 and "\x1b" not in done.output


BEARERS = {
    ("12-ordered-calls", "borne/bearer=CCG"): "a partner bears",
    ("12-ordered-calls", "borne/bearer=SPARE"): "a reserve meets",
    ("12-ordered-calls", "borne/bearer=CCG+Council"): "a partner bears",
    ("12-ordered-calls", "borne/bearer=CCG+SPARE"): "by partners and others together",
    ("12-ordered-calls", "borne/bearer=rest of the scope"): "the rest of its scope meets",
    ("12-ordered-calls", "borne"): "by partners and others together",
    ("12-ordered-calls", "borne/bearer=carried forward"): "the pool carries forward",
    ("10-host-bears-and-keeps", "borne/bearer=carried forward"): "the pool carries forward",
    ("16-underspends", "borne/bearer=outside the pool"): "left outside the pool",
}


@pytest.mark.parametrize(("asked", "said"), BEARERS.items())
def test_who_bears_is_named_rightly(asked: tuple[str, str], said: str) -> None:
    name, figure = asked
    tree = explain(results_of(f"agreements/{name}"), Figure.parse(figure))
    assert said in tree.said[0]
    assert ("a partner bears" in tree.said[0]) == (said == "a partner bears")


def test_a_reserve_is_named_in_full() -> None:
    tree = explain(results_of("agreements/12-ordered-calls"), Figure.of("borne", bearer="SPARE"))
    assert "Bearer SPARE is Uncommitted allocation." in tree.said


def test_a_provider_that_bears_is_no_partner() -> None:
    results = results_of("agreements/12-ordered-calls")
    known = results.inputs.organisations
    provider = known.assign(
        organisation_kind=["provider" if it == "CCG" else "council" for it in known["organisation"]]
    )
    facts = Facts(replace(results, inputs=_with(results, organisations=provider)))
    assert facts.kind_of("CCG") == "provider" and facts.kind_of("Council") == "partner"


def test_the_settlement_of_a_reserve_speaks_of_no_lines_of_its_own() -> None:
    results = results_of("agreements/12-ordered-calls")
    tree = explain_named(results, "settlement/party=SPARE")
    assert "variance on its own lines" not in tree.formula and tree.formula.startswith("all that")
    assert "variance on its own lines" in explain_named(results, "settlement/party=CCG").formula


def test_the_closing_balance_of_a_reserve_is_told() -> None:
    results = results_of("agreements/12-ordered-calls")
    tree = explain_named(results, "closing/reserve=SPARE")
    adds_up(tree)
    assert tree.formula == "opening balance + paid in − drawn"
    assert [(one.label.partition(":")[0], one.pence) for one in tree.children] == [
        ("Opening balance, released in full", 100_000),
        ("Paid in", 0),
        ("Less drawn", -100_000),
    ]
    calls = tree.children[2].children
    assert [call.pence for call in calls] == [-20_004, -79_996]
    assert all("Clause: Invented clause 7.3." in call.children[0].said for call in calls)
    assert "reserves.csv, row 3" in said_in(tree)


def test_a_reserve_that_is_earned_says_what_was_released() -> None:
    earned = [
        folder.name
        for folder in (INPUTS / "agreements").iterdir()
        if (folder / "achievement.csv").exists()
    ]
    results = results_of(f"agreements/{earned[0]}")
    code = results.inputs.reserves["reserve"].iloc[0]
    tree = explain_named(results, f"closing/reserve={code}")
    adds_up(tree)
    assert tree.formula.startswith("released of the opening balance")


@slow
def test_wrong_usage_and_wrong_data_have_their_exit_codes(tmp_path: Path) -> None:
    unknown = bcf(POOL, "variance/them=4")
    assert unknown.exit_code == 2 and "variance/theme=4" in unknown.output
    assert bcf(POOL).exit_code == 2
    assert bcf(tmp_path, "variance").exit_code == 3


def completed(*arguments: str, incomplete: str) -> list[str]:
    found = ShellComplete(cli, {}, "bcf", "_BCF_COMPLETE").get_completions(
        ["explain", *arguments], incomplete
    )
    return [item.value for item in found]


@slow
def test_figures_are_completed(real: Results) -> None:
    found = completed(str(POOL), incomplete="borne/kind=cap")
    assert found == ["borne/kind=capital/bearer=SCC", "borne/kind=capital"]
    assert completed(str(POOL / "nowhere"), incomplete="b") == []


# ------------------------------------------------------------------ the web page


class Panels(HTMLParser):
    """Reads the panels of a page: the text of each, and every link to one."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.panels: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self._panel = self._figure = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "aside":
            self._panel = said["id"] or ""
            self.panels[self._panel] = ""
        if said.get("data-figure"):
            self._figure = said["data-figure"] or ""
        if tag == "a" and self._figure:
            self.links[self._figure] = (said["href"] or "")[1:]
            self._figure = ""

    def handle_data(self, data: str) -> None:
        if self._panel:
            self.panels[self._panel] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "aside":
            self._panel = ""


@slow
@pytest.mark.parametrize("name", [SHEFFIELD, "agreements/12-ordered-calls"])
def test_every_figure_of_the_page_opens_its_derivation(name: str) -> None:
    results = results_of(name)
    pages = sheets(results)
    read = Panels(html.page(write.document(results)))
    for figure in figures_on(pages):
        value = results.figures.value(figure)
        if value is None:
            continue  # nothing is printed, and nothing to open
        panel = read.panels[read.links[str(figure)]]
        amount = {
            "rate": Node("", rate=value),
            "number": Node("", number=indicators.written(results.figures, figure)),
        }.get(MEASURES[figure.measure].unit, Node("", int(value)))
        assert render.value(amount) in panel, figure


@slow
def test_of_very_many_lines_the_largest_open_and_the_page_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    results = run(inputs_of(random_pool(1, lines=25)))
    pages = sheets(results)
    all_open = html.page(write.document(results))
    for module in (derivations, write):
        monkeypatch.setattr(module, "MOST_LINES", 3)
    text = html.page(write.document(results))
    variances = results.figures.column("lines", "variance")
    least_of_largest = sorted(map(abs, variances))[-3]
    of_lines = {
        figure: abs(variances[rows[0]]) >= least_of_largest
        for figure in figures_on(pages)
        if figure.measure == "variance" and len(rows := results.figures.rows(figure)) == 1
    }
    read, read_all = Panels(text), Panels(all_open)
    assert {str(figure) in read.links for figure in of_lines} == {True, False}
    for figure, is_large in of_lines.items():
        assert (str(figure) in read.links) == is_large, figure
        assert str(figure) in read_all.links
    assert read.panels.keys() >= {*read.links.values()}
    assert "Of the 25 lines, the 3 with the largest variances open here" in text
    assert "the largest variances open here" not in all_open


@slow
def test_a_panel_holds_no_markup_of_the_data() -> None:
    pool = random_pool(1)
    for row in pool.tables["schemes"]:
        row["scheme"] = "<script>alert(1)</script>"
    results = run(inputs_of(pool))
    assert "<script" not in html.page(write.document(results))


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for pool_name, text in TREES:
        tree = explain(results_of(pool_name), Figure.parse(text))
        stored(pool_name, text).write_text(render.as_text(tree, 100) + "\n", encoding="utf-8")
