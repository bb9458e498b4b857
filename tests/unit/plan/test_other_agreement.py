"""A plan under another agreement: the same spending, borne by others; by hand, and as a law."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis.strategies as st
import pytest
from click.testing import CliRunner, Result
from hypothesis import given

from bcf_model import notebook
from bcf_model.cli import cli
from bcf_model.plan.comparison import compare
from bcf_model.plan.load import load_scenario
from bcf_model.plan.projection import Projection, project
from bcf_model.plan.uncertainty import simulate
from bcf_model.publish.scenario.agreement_sentences import told
from bcf_model.publish.scenario.comparison_pages import sheets
from bcf_model.publish.scenario.comparison_rows import Compared
from tests.longer import slow, tries
from tests.make.recalculate import formualizer
from tests.make.scenario_reports import recalculated
from tests.make.small_plans import plan

HEADER = "rule_id,scope,direction,step,basis,bearer,share,clause"
OWN_VARIANCE = f"{HEADER}\nR1,pool,either,1,own,budget holder,100,1\n"
BUDGETS = """version,financial_year,theme,organisation,scheme_id,amount
agreed,2019-20,1,ICB,L1,1000
agreed,2019-20,1,Council,L2,500
"""
ROWS = [
    ("winter", "pressures", "line=L1", "2019-20", 90, "pounds", 80, 100, "uniform"),
    ("homes", "pressures", "line=L2", "2019-20", 10, "pounds", "", "", ""),
]
"""Spending of £90 (from £80 to £100) and £10 above the agreed budgets of £1,000 and £500."""
TRIED = "draft"
BOTH = "plan under draft"


def write(folder: Path, agreed: str = '[agreed]\n2019-20 = "agreed"\n') -> Path:
    """Write the pool, whose agreement is 60 to 40, and one under which each bears its own."""
    folder.mkdir(exist_ok=True)
    plan(folder, ROWS, agreed, budgets=BUDGETS)
    (folder / f"{TRIED}.csv").write_text(OWN_VARIANCE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("other") / "pool")


def under(pool: Path, agreement: str = "") -> Projection:
    return project(*load_scenario(pool, "plan", pool / f"{agreement}.csv" if agreement else None))


@pytest.fixture(scope="module")
def both(pool: Path) -> list[Projection]:
    return [under(pool), under(pool, TRIED)]


def borne(found: Projection) -> dict[str, int]:
    shared = found.tables["shared"]
    return dict(zip(shared["bearer"], shared["borne"], strict=True))


def bcf(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [*map(str, arguments)], env={"COLUMNS": "300"})


# ------------------------------------------------------------------ by hand


def test_the_variance_is_borne_by_the_rules_that_are_tried(both: list[Projection]) -> None:
    """£100 above: 60 and 40 of it by the pool's own agreement; 90 and 10 where each bears its own.

    So the other agreement moves £30 from the council to the board.
    """
    own, other = both
    assert borne(own) == {"ICB": 6000, "Council": 4000}
    assert borne(other) == {"ICB": 9000, "Council": 1000}
    rows = compare(both).query("scenario == @BOTH and measure == 'borne'")
    assert dict(zip(rows["organisation"], rows["difference"], strict=True)) == {
        "ICB": 3000, "Council": -3000,
    }  # fmt: skip


def test_it_is_a_scenario_built_on_the_other(both: list[Projection]) -> None:
    other = both[1].scenario
    assert (other.name, other.chain, other.settings.base) == (BOTH, (BOTH, "plan"), "plan")
    assert other.settings.title == "Invented, under draft"
    assert other.settings.note.startswith("Shared under another agreement than the pool's own: ")


def test_the_draws_are_the_same_under_both(both: list[Projection]) -> None:
    """The board bears x where each bears its own, else 0.6 (x + 10): 0.4 x - 6 more on average."""
    drawn = [simulate(it, 400, 3).percentiles for it in both]
    closing = [it[it["measure"] == "closing"].drop(columns="central") for it in drawn]
    assert closing[0].equals(closing[1])
    board = [it.query("measure == 'borne' and key == 'ICB'")["mean"].iloc[0] for it in drawn]
    assert 8000 < board[1] < 10_000, "x itself, which is drawn from £80 to £100"
    assert board[1] - board[0] == pytest.approx(0.4 * board[1] - 600, abs=1)


def test_the_first_page_says_who_would_bear_what_and_how_sure_that_is(
    both: list[Projection],
) -> None:
    compared = Compared.of(both, [simulate(it, 400, 3) for it in both])
    moved, bears, same, board, council = told(compared)
    assert moved == (
        "Under 'draft', Board would bear £30.00 more and Council would bear £30.00 less of the "
        "variance of 2019/20 than under the pool's own agreement."
    )
    assert bears == (
        "Of the £100.00 above the agreed budget of 2019/20 Board bears £90.00 and "
        "Council bears £10.00; under the pool's own agreement Board bears £60.00 and Council "
        "bears £40.00."
    )
    assert (
        same == "Spending, budget and variance are the same under both: only who bears it differs."
    )
    assert board.startswith("In 90 of 100 draws Board would bear £8")
    assert "Council would bear £10.00; under the pool's own agreement £3" in council
    page = sheets(compared)[0]
    assert page.about[:5] == (moved, bears, same, board, council)
    assert [row.cells[0] for row in page.rows if row.style == "total"] == ["Variance"]


def test_of_several_years_it_tells_the_last_and_all_together(tmp_path: Path) -> None:
    """£100 above in the first year; £90 − £30 and £10, £70, in the second: £170 in both."""
    later = BUDGETS.splitlines()[1:]
    more = [it.replace("agreed,2019-20", "later,2020-21") for it in later]
    less = ("rest", "pressures", "line=L1", "2020-21", -30, "pounds", "", "", "")
    folder = tmp_path / "pool"
    folder.mkdir()
    settings = 'last_year = "2020-21"\n[agreed]\n2019-20 = "agreed"\n2020-21 = "later"\n'
    plan(folder, [*ROWS, less], settings, budgets="\n".join([BUDGETS.rstrip(), *more, ""]))
    (folder / f"{TRIED}.csv").write_text(OWN_VARIANCE, encoding="utf-8")
    _, last, together, *_ = told(Compared.of([under(folder), under(folder, TRIED)]))
    assert "Of the £70.00 above the agreed budget of 2020/21 Board bears £60.00" in last
    assert together == (
        "Together, of the £170.00 above the agreed budgets of 2019/20 and 2020/21 Board bears "
        "£150.00 and Council bears £20.00; under the pool's own agreement Board bears £102.00 and "
        "Council bears £68.00."
    )


def test_in_a_notebook_it_is_one_more_scenario(pool: Path) -> None:
    tried = [
        notebook.run(notebook.load(pool, agreement, scenario="plan"))
        for agreement in (None, pool / f"{TRIED}.csv")
    ]
    found = notebook.compare(tried)
    rows = found.frame("comparison").query("measure == 'borne'")
    assert [*rows["difference"]] == [0, 0, 30, -30]
    tree = notebook.explain_figure(found, "borne/year=2019-20/bearer=ICB").tree
    assert tree.pence == 3000


# ------------------------------------------------------------------ what holds always

PENCE = st.integers(-20_000, 20_000)
PERCENT = st.integers(0, 100)


@slow
@tries(4, 60)
@given(PENCE, PENCE, PERCENT, PERCENT)
def test_only_who_bears_it_differs(first: int, second: int, some: int, other: int) -> None:
    """Budget, spending and variance are the same, and the variance is borne under each."""
    rows = [
        (f"cause {code}", "pressures", f"line={code}", "2019-20", pence / 100, "pounds", "", "", "")
        for code, pence in (("L1", first), ("L2", second))
    ]

    def fixed(percent: int) -> str:
        bears = {"ICB": percent, "Council": 100 - percent}
        lines = [
            f"R{who},pool,either,1,fixed,{who},{part},1" for who, part in bears.items() if part
        ]
        return "\n".join([HEADER, *lines, ""])

    with TemporaryDirectory() as name:
        folder = Path(name)
        own = plan(folder, rows, '[agreed]\n2019-20 = "agreed"\n', budgets=BUDGETS,
                   rules=fixed(some))  # fmt: skip
        (folder / "other.csv").write_text(fixed(other), encoding="utf-8")
        tried = under(folder, "other")
    for table in own.tables:
        if table != "shared":
            without = [it.tables[table].drop(columns="scenario") for it in (own, tried)]
            assert without[0].equals(without[1]), table
    for found in (own, tried):
        assert (
            sum(borne(found).values()) == first + second == found.tables["agreed"]["variance"].sum()
        )


# ------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("agreement", "code", "said"),
    [
        ("rules.csv", 2, "is the pool's own agreement: there is nothing to compare"),
        ("themes.csv", 3, "Nothing can be calculated from plan under themes.csv"),
        ("missing.csv", 3, "BCF018"),
        ("stranger.csv", 3, "found 'Trust'"),
    ],
)
def test_what_is_no_other_agreement_is_refused(
    tmp_path: Path, agreement: str, code: int, said: str
) -> None:
    pool = write(tmp_path / "pool")
    stranger = OWN_VARIANCE.replace("own,budget holder", "fixed,Trust")
    (pool / "stranger.csv").write_text(stranger, encoding="utf-8")
    told = bcf("scenario", pool, "plan", "--agreement", pool / agreement, "-o", tmp_path / "out")
    assert told.exit_code == code, told.output
    assert said in told.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "instead"),
    [(("--agreement", "x"), "goes with a NAME"),
     (("plan", "--show", "--agreement", "x"), "show it without"),
     (("plan", "--set", "winter=80", "--agreement", "x"), "keep it with --save")],
)  # fmt: skip
def test_an_agreement_goes_with_a_scenario_that_is_calculated(
    pool: Path, words: tuple[str, ...], instead: str
) -> None:
    told = bcf("scenario", pool, *words)
    assert told.exit_code == 2 and instead in told.output


def test_two_reports_cannot_have_one_name(tmp_path: Path) -> None:
    pool = write(tmp_path / "pool")
    shutil.copytree(pool / "scenarios" / "plan", pool / "scenarios" / BOTH)
    told = bcf("scenario", pool, "plan", "--agreement", pool / f"{TRIED}.csv")
    assert told.exit_code == 2
    assert "already: rename one of them" in told.output


def test_where_nothing_is_shared_it_says_so(tmp_path: Path) -> None:
    pool = write(tmp_path / "pool", agreed="")
    said = told(Compared.of([under(pool), under(pool, TRIED)]))
    assert said == [
        "Under 'draft', what each would bear of the variance of plan is not known.",
        "No budget is agreed for 2019/20, so what each partner would bear is not known.",
    ]


# ------------------------------------------------------------------ written, and proved


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Have the command write a plan under both agreements, into a folder beside its pool."""
    monkeypatch.chdir(tmp_path)

    def write_reports(*more: str) -> Path:
        pool = write(tmp_path / "pool")
        words = ("--agreement", pool / f"{TRIED}.csv", "--draws", 30, "-o", "out", *more)
        done = bcf("scenario", pool, "plan", *words)
        assert done.exit_code == 0, done.output
        assert "Under 'draft', Board would bear £30.00 more" in done.output
        return tmp_path / "out"

    return write_reports


@slow
def test_what_is_written_is_made_again(written: Callable[..., Path]) -> None:
    out = written()
    assert json.loads((out / BOTH / "run.json").read_bytes())["agreement"] == "draft.csv"
    assert json.loads((out / "comparison.json").read_bytes())["agreements"] == {BOTH: "draft.csv"}
    for folder in (out, out / "plan", out / BOTH):
        done = bcf("verify", folder)
        assert done.exit_code == 0, done.output
    (out.parent / "pool" / "draft.csv").rename(out.parent / "draft.csv")
    done = bcf("verify", out)
    assert done.exit_code == 2
    assert "give it with --agreement" in done.output
    assert bcf("verify", out, "--agreement", out.parent / "draft.csv").exit_code == 5, "named else"


@slow
def test_the_workbook_shares_by_the_rules_that_are_tried(written: Callable[..., Path]) -> None:
    """With winter at £95, within its range, the board bears £95 and the council still £10."""
    workbook = written() / BOTH / "report.xlsx"
    assert formualizer(workbook)["status"] == "current"
    page = recalculated(workbook, {"assume_winter": 95})["Risk share"]
    borne = {str(row[0]): row[1] for row in page if row[0] in ("Board", "Council")}
    assert borne == {"Board": 95, "Council": 10}


@slow
def test_with_its_inputs_nothing_else_is_needed(written: Callable[..., Path]) -> None:
    out = written("--with-inputs")
    (out.parent / "pool").rename(out.parent / "gone")
    for folder in (out, out / BOTH):
        done = bcf("verify", folder)
        assert done.exit_code == 0, done.output


@slow
def test_a_difference_is_explained_down_to_both_rules(pool: Path) -> None:
    words = ("borne/year=2019-20/bearer=ICB", "--scenario", "plan")
    done = bcf("explain", pool, *words, "--agreement", pool / f"{TRIED}.csv")
    assert done.exit_code == 0, done.output
    assert "£30.00" in done.output.splitlines()[0]
    assert "rules.csv, row 2" in done.output and "draft.csv, row 2" in done.output
    wrong = bcf("explain", pool, *words, "--agreement", "x", "--against", "plan")
    assert wrong.exit_code == 2
