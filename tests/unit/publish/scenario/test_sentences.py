"""What a scenario's report says in words: its headline, what is to come, what is not known."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bcf_model.plan.in_force import in_force
from bcf_model.plan.load import load_scenario
from bcf_model.plan.projection import project
from bcf_model.publish.document import Printing
from bcf_model.publish.html import section
from bcf_model.publish.page import Heading, Money, Number, Row, Sheet
from bcf_model.publish.scenario.bridge_pages import bridge
from bcf_model.publish.scenario.headline import keys
from bcf_model.publish.scenario.lookups import View, view
from bcf_model.publish.scenario.prevention_pages import matrix, payback, streams
from bcf_model.publish.scenario.sentences import headline, not_known, printed_totals, said
from bcf_model.publish.scenario.terminal import told
from tests.longer import slow
from tests.make.places import PLAN, SHEFFIELD
from tests.make.scenario_reports import projected, worked_out

HEADINGS = "assumption,step,scope,year,value,unit,source\n"


def seen(pool: Path, name: str, **settings: object) -> View:
    """Show a scenario, of which some settings are others."""
    found = projected(pool, name)
    said = found.scenario.settings.model_copy(update=settings)
    scenario = replace(found.scenario, settings=said)
    return view(project(found.plan, scenario) if settings else found)


def made(tmp_path: Path, *rows: str, settings: str = "") -> View:
    """Show a year of a small pool: it opens with £259,678.91, and plans to save £7,000."""
    pool = shutil.copytree(PLAN, tmp_path / "plan")
    folder = pool / "scenarios" / "mine"
    folder.mkdir()
    text = 'title = "Mine"\nopening = "year-end budget"\nfirst_year = "2019-20"\n'
    (folder / "scenario.toml").write_text(text + settings, encoding="utf-8")
    said = HEADINGS + "".join(f"{row},invented\n" for row in rows)
    (folder / "assumptions.csv").write_text(said, encoding="utf-8")
    return view(project(*load_scenario(pool, "mine")))


@pytest.fixture(scope="module")
def short() -> View:
    """Give a shift to prevention whose last benefits come after its last year."""
    return seen(PLAN, "city", last_year="2020-21")


# ------------------------------------------------------------------ headline


def test_the_headline_is_over_the_opening_budget_and_names_the_year_it_ends_in() -> None:
    assert headline(seen(SHEFFIELD, "shift-to-prevention")) == (
        "Spending rises by £233.5m (21.2%) over the opening budget of £1,100.0m, to £1,333.5m in "
        "2023/24."
    )


@slow
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("cut,savings,theme=1,2019-20,1478.91,pounds",
         "falls by £7,678.91 (3.0%) below the opening budget of £259,678.91, to £252,000.00 in "
         "2019/20."),
        ("as much,pressures,theme=1,2019-20,6200,pounds", "stays at £259,678.91 in 2019/20."),
    ],
)  # fmt: skip
def test_the_headline_says_which_way_spending_goes(tmp_path, change: str, said: str) -> None:
    assert headline(made(tmp_path, change)) == f"Spending {said}"


@pytest.mark.parametrize(
    ("pence", "text"),
    [
        (38_445_000_000, "£384.5m"),
        (-38_445_000_000, "-£384.5m"),
        (38_444_999_999, "£384.4m"),
        (99_999_949, "£999,999"),
        (250, "£3"),
        (-50, "-£1"),
        (0, "£0"),
    ],
)
def test_an_amount_in_a_sentence_is_rounded_half_away_from_nil(pence: int, text: str) -> None:
    assert said(seen(SHEFFIELD, "published-2019-20"), pence) == text


# ------------------------------------------------------------------ still to come


def test_what_is_to_come_stands_beside_every_break_even(short: View) -> None:
    still = short.table("payback").set_index("partner")["to_come"].to_dict()
    # 10,000 × 2.5 × 0.9 × 40 % = 9,000 to the ICB, and 10,000 × 0.5 × 0.9 × 10 % = 450 to the
    # hospital, of which 70 % is still to come; all of it of the 12,000 of the last year.
    assert still == {
        "Council": 0,
        "ICB": 630_000 + 1_080_000,
        "Anytown Hospital": 31_500 + 54_000,
        "all": 661_500 + 1_134_000,
    }
    page = worked_out(short, payback(short))
    at = [heading.text for heading in page.headings].index("Still to come, not counted")
    found = {row.cells[0]: row.cells[at] for row in page.rows}
    assert found["All together"] == Money(1_795_500)
    assert found["Anytown Borough Council"] == Money(0)
    text = told(short, 200)
    assert (
        "Anytown Hospital: invests nothing; net present value £130.43; still to come after "
        "2020/21, not counted: £855.00." in text
    )
    assert "All together: break-even not by 2020/21; net present value" in text
    shown = [(key.label, key.amount) for key in keys(short)][-2:]
    assert shown[0][0] == "Net present value of prevention"
    assert shown[1] == ("Still to come after 2020/21, not counted", "17,955.00")


def test_what_is_to_come_is_not_known(short: View) -> None:
    (said,) = (it for it in not_known(short) if "£17,955.00" in it)
    assert said == (
        "Still to come after 2020/21, not counted: £17,955.00 that can be taken out of budgets for "
        "what the plan invests in prevention. Break-even and net present value end with 2020/21; "
        "how much of it is released then depends on budgets that are not projected."
    )


def test_where_nothing_is_to_come_nothing_is_said_of_it() -> None:
    whole = seen(PLAN, "city")
    assert "till to come" not in told(whole, 200)
    assert not any("till to come" in key.label for key in keys(whole))
    assert worked_out(whole, payback(whole)).rows[-1].cells[5] == Money(0)


# ------------------------------------------------------------------ who gains


def test_the_terminal_names_everyone_and_all_together(short: View) -> None:
    names = [
        line.partition(":")[0] for line in told(short, 200).splitlines() if "; net pres" in line
    ]
    assert names == [
        "Anytown Borough Council",
        "Anytown Integrated Care Board",
        "Anytown Hospital",
        "All together",
    ]


def test_who_gains_is_told_by_payer_and_block() -> None:
    """The council's money comes back to the ICB in one block, and to the hospital in another."""
    found = seen(PLAN, "city")
    page = worked_out(found, matrix(found))
    assert [heading.text for heading in page.headings] == [
        "Who pays",
        "Block reduced",
        "To Anytown Integrated Care Board",
        "To Anytown Hospital",
        "Total",
    ]
    released = [row.cells[1:] for row in page.rows[1:4]]
    amounts = found.table("matrix").set_index("group")["released"]
    acute, community = Money(int(amounts["acute"])), Money(int(amounts["community"]))
    assert acute.pence > community.pence > 0
    assert released == [
        ("Acute care", acute, Money(0), acute),
        ("Community services", Money(0), community, community),
        ("Together", acute, community, Money(acute.pence + community.pence)),
    ]
    assert [row.cells[0] for row in page.rows if row.style == "group"] == [
        "Released", "Can be taken out of budgets", "Gross benefit",
    ]  # fmt: skip


def test_what_lies_in_several_blocks_or_in_none_has_a_row_of_its_own() -> None:
    found = seen(PLAN, "city")
    groups = found.table("matrix").assign(group=["several", "not allocated"])
    tables = {**found.projection.tables, "matrix": groups}
    page = matrix(view(replace(found.projection, tables=tables)))
    assert [row.cells[1] for row in page.rows if row.style == "line"] == [
        "Not allocated to a line", "Several blocks",
    ] * 3  # fmt: skip


def test_a_programme_of_unstated_status_says_what_is_not_stated() -> None:
    found = seen(PLAN, "city")
    said = found.projection.scenario.tables["prevention"].assign(status="not stated")
    tables = {**found.projection.scenario.tables, "prevention": said}
    scenario = replace(found.projection.scenario, tables=tables)
    page = streams(view(replace(found.projection, scenario=scenario)))
    assert page.rows[0].cells == ("Safe at home (status not stated)",)


# ------------------------------------------------------------------ movements without a cause


def test_movements_by_theme_are_told_apart_from_what_totals_explain() -> None:
    said = not_known(seen(SHEFFIELD, "published-2019-20"))
    assert said[:2] == [
        "The cause of 7 movements by theme, £14.5m together, is not explained.",
        "Of that, £14.0m is known in total only: non-recurrent -£5.0m, pressures £43.0m, savings "
        "-£24.0m. In which themes it is, is not known; the rest, £472,000, nothing explains.",
    ]
    assert not any("8 movements" in it or "£0 is left" in it for it in said)


@slow
def test_a_movement_in_total_only_is_told_by_itself(tmp_path: Path) -> None:
    found = made(tmp_path, "odd,movement not explained,not allocated,2019-20,100,pounds")
    assert "The cause of 1 movement, £100.00 in total, is not explained." in not_known(found)


# ------------------------------------------------------------------ printed totals


def test_the_papers_totals_are_set_beside_the_sums_of_themes() -> None:
    found = seen(SHEFFIELD, "published-2019-20")
    said = [
        "The paper prints £384,451,000 for 'closing 2018-19' (para 6.2 table row 9); its themes "
        "add up to £384,450,000: the themes rule.",
        "The paper prints £398,922,000 for 'initial 2019-20' (para 6.2 table row 9); its themes "
        "add up to the same.",
    ]
    assert printed_totals(found) == said
    assert [sentence for sentence in bridge(found).about if "prints" in sentence] == said
    assert said[0] in told(found, 300)


@slow
def test_what_is_not_printed_has_nothing_beside_it(tmp_path: Path) -> None:
    found = seen(SHEFFIELD, "published-2019-20")
    inputs = found.projection.plan.inputs
    printed = inputs.published
    for some in (
        printed.head(0),
        printed[printed["figure"] != "closing_budget"][lambda it: it["figure"] == "budget"],
        printed.assign(figure=printed["figure"] + "/theme=1"),
        printed.assign(unit="percent"),
    ):
        plan = replace(found.projection.plan, inputs=replace(inputs, published=some))
        assert printed_totals(view(replace(found.projection, plan=plan))) == []
    assert printed_totals(made(tmp_path)) == []
    assert printed_totals(seen(SHEFFIELD, "shift-to-prevention")) == []


def test_a_printed_total_that_is_rounded_more_is_not_set_beside() -> None:
    """£384m is printed too: 384,451 says more, and £384m alone is what the themes round to."""
    found = seen(SHEFFIELD, "published-2019-20")
    inputs = found.projection.plan.inputs
    coarse = inputs.published[inputs.published["printed"] == "£384m"]
    plan = replace(found.projection.plan, inputs=replace(inputs, published=coarse))
    assert printed_totals(view(replace(found.projection, plan=plan))) == [
        "The paper prints £384,000,000 for 'closing 2018-19' (para 6.2); its themes add up to "
        "£384,450,000, of which that is a rounding."
    ]


# ------------------------------------------------------------------ words and numbers


def test_a_column_that_is_not_allocated_is_called_so() -> None:
    said = told(seen(SHEFFIELD, "published-2019-20"), 200)
    assert "Not allocated" in said and "Nowhere" not in said


def test_numbers_of_a_column_have_the_same_decimals_and_brackets_below_nil() -> None:
    numbers = (0.9, -0.35, 1.0)
    page = Sheet(
        "P", "P: of it", (), (Heading("Name"), Heading("Number", "number"), Heading("n", "number")),
        tuple(Row("line", ("a", Number(number), Number(1234))) for number in numbers),
    )  # fmt: skip
    cells = [
        line.cells for group in section(page, Printing(same_decimals=True)).groups for line in group
    ]
    assert [it[1].text for it in cells] == ["0.90", "(0.35)", "1.00"]
    assert [it[1].style for it in cells] == ["n", "n neg", "n"]
    assert {it[2].text for it in cells} == {"1,234"}


# ------------------------------------------------------------------ what is in force


def told_in_force(pool: Path, name: str) -> list[str]:
    found = projected(pool, name)
    return in_force(found.plan, found.scenario).splitlines()


@slow
def test_a_scaled_percentage_is_shown_as_stated_and_as_it_acts() -> None:
    lines = told_in_force(SHEFFIELD, "shift-to-prevention")
    at = lines.index("  inflation: inflation, all")
    said = "2 percent, scaled 2.081495 percent, every year; triangular from 1 to 3"
    assert lines[at + 1].strip() == said
    factor = " ".join(" ".join(lines).split())
    assert "factor on percentages of inflation and demand: 1.040747749999" in factor
    prices = lines.index("  prices: deflator, all")
    assert lines[prices + 1] == "      2 percent, every year"


@slow
def test_one_assumption_may_be_scaled_in_one_year_only() -> None:
    lines = told_in_force(PLAN, "start")
    said = [line.strip() for line in lines if "scaled" in line and "percent, scaled" in line]
    assert "2 percent, scaled 1.482285 percent, every year; triangular from 1 to 4" in said
    assert any("scaled 1.111714 percent, 2019-20" in line for line in said)


@slow
def test_a_factor_that_is_not_found_is_said(tmp_path: Path) -> None:
    pool = shutil.copytree(PLAN, tmp_path / "plan")
    settings = pool / "scenarios" / "start" / "scenario.toml"
    text = settings.read_text(encoding="utf-8").replace("target = 5", "target = -50")
    settings.write_text(text, encoding="utf-8")
    said = " ".join(in_force(*load_scenario(pool, "start")).split())
    assert "on percentages of inflation and demand: none reaches it" in said


@slow
def test_sources_are_parted_by_semicolons_and_values_named_by_their_columns() -> None:
    lines = told_in_force(SHEFFIELD, "shift-to-prevention")
    said = " ".join(" ".join(lines).split())
    assert "Shaping Sheffield plan, Health and Wellbeing Board, 27 June 2019, sections 4 "\
        "(About Sheffield) and 7.4: 97% for people who are unwell, 3% for prevention; "\
        "Local Government" in said  # fmt: skip
    assert (
        "programme earlier help; payer CCG; scope block=prevention; financial year 2019-20; "
        "investment £3,750,000.00; double running 1" in said
    )
    assert "return per pound 1.2; cashable 40 %; lag earlier action" in said
    savings = " ".join(" ".join(told_in_force(SHEFFIELD, "savings-as-planned")).split())
    for default in ("not stated", "£0.00", "delivered to", "start period 1;"):
        assert default not in savings.partition("Savings programmes")[2]
