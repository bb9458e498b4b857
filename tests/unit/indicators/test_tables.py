"""The tables of indicators: Sheffield's as the paper has them, and nothing where there are none."""

from pathlib import Path

import pytest

from bcf_model.core.errors import NotStated, UnknownFigure
from bcf_model.core.figures import Figure
from bcf_model.core.tables import INDICATOR_TABLES
from bcf_model.indicators.tables import selected_from, written
from bcf_model.publish.contents import table_csv
from bcf_model.year.results import Results
from tests.make.indicators import metric, months
from tests.make.measured import write_measured_pool
from tests.make.places import SHEFFIELD, SOUND
from tests.make.shipped import results_of


@pytest.fixture(scope="module")
def results() -> Results:
    return results_of(SHEFFIELD)


def rows(results: Results, name: str, *columns: str) -> list[list[object]]:
    frame = results.frame(name)[[*columns]].astype(object)
    return frame.where(frame.notna(), None).to_numpy().tolist()


def test_sheffield_against_target_and_last_year(results: Results) -> None:
    columns = ("metric", "against", "actual", "compared", "difference", "met", "status")
    assert rows(results, "indicators", *columns) == [
        ["NEA", "target", 56_141, 45_235, 10_906, "no", "red"],
        ["NEA", "last year", 56_141, 55_901, 240, "", ""],
        ["NEA65", "target", 28_126, None, None, "", ""],
        ["NEA65", "last year", 28_126, 27_979, 147, "", ""],
        ["DTOC", "target", 26_244, 17_130, 9_114, "no", "red"],
        ["DTOC", "last year", 26_244, 32_168, -5_924, "", ""],
        ["RESIDENTIAL", "target", 732, 768, -36, "yes", "green"],
        ["REABLEMENT", "target", 84, 80, 4, "yes", "green"],
    ]


def test_a_table_that_is_written_has_every_number_in_its_unit(results: Results) -> None:
    text = table_csv(results.outputs["indicators"], INDICATOR_TABLES["indicators"]).decode()
    line = next(line for line in text.splitlines() if "RESIDENTIAL" in line)
    assert (
        ",year,target,732,768,-36,-4.6875,yes,yes,green,green,684,93379,93506,725,94340,94462,"
        in line
    )


def test_by_month_only_what_is_printed_is_there(results: Results) -> None:
    months_of = results.frame("indicators_by_month")
    assert len(months_of) == 37, "36 percentages, and the rolling twelve months at March"
    nea = months_of[(months_of["metric"] == "NEA") & (months_of["against"] == "target")]
    assert nea["printed_percent"].tolist()[:3] == [24.6, 25.5, 23.9]
    assert nea["actual"].isna().all(), "counts of months are not published, and never nil"
    assert nea["actual_to_date"].notna().tolist() == [False] * 11 + [True]
    assert set(nea["met"]) == {"no"}


def test_a_price_of_nil_in_a_file_is_not_a_blank_one(tmp_path: Path) -> None:
    pool = write_measured_pool(tmp_path / "measured")
    volumes = (pool / "volumes.csv").read_text(encoding="utf-8")
    given = "S2,contract,,100,0,,,"
    assert given in volumes
    (pool / "volumes.csv").write_text(volumes.replace(given, "S2,contract,,100,9,£0.00,,"))
    inputs = results_of(pool).inputs.volumes
    assert inputs["planned_price"].isna().tolist() == [False, False, True, False]
    last = results_of(pool).frame("price_volume").iloc[-1]
    assert (last["planned_price"], last["volume"]) == (0, 0)


def test_figures_select_one_number_each(results: Results) -> None:
    value = results.figures.value
    assert value(Figure.parse("indicator_difference/metric=NEA")) == 10_906 * 10**6
    assert value(Figure.parse("indicator_numerator/metric=RESIDENTIAL")) == 684 * 10**6
    percent = value(Figure.parse("indicator_percent/metric=DTOC/against=last year"))
    assert percent == pytest.approx(-0.184158, abs=1e-6)
    blank = Figure.parse("indicator_difference/metric=NEA65")
    assert value(blank) is None
    assert results.figures.lacks(blank) == "the target of the year is not stated"
    for text in ("indicator", "indicator/metric=NEA+DTOC", "indicator/metric=X"):
        with pytest.raises(UnknownFigure):
            value(Figure.parse(text))
    with pytest.raises(UnknownFigure, match="is not an amount"):
        results.figures.pence(Figure.parse("indicator/metric=NEA"))
    with pytest.raises(NotStated):
        results.figures.pence(blank)


def test_a_pool_without_indicators_has_neither_tables_nor_figures(tmp_path: Path) -> None:
    results = results_of(SOUND)
    assert not INDICATOR_TABLES.keys() & results.outputs.keys()
    assert written({}, "2018-19") == {}
    with pytest.raises(UnknownFigure, match="the pool has no indicators"):
        results.figures.value(Figure.parse("indicator/metric=NEA"))


def test_months_are_told_to_date_beside_an_apportioned_target() -> None:
    it = metric(*months("actual", 2, 3), ("target", "year", "12"), apportioned="evenly")
    found = written({"M": it}, "2018-19")["indicators_by_month"]
    assert found["month"].tolist() == [*range(1, 13)]
    first = found.head(2)[["actual", "compared", "actual_to_date", "compared_to_date"]] / 10**6
    assert first.to_numpy().tolist() == [[2, 1, 2, 1], [3, 1, 5, 2]]
    assert found["met"].tolist() == ["no", "no", *[""] * 10]
    frames = selected_from({"M": it})
    latest = frames["indicators"].query("period == 'latest' and against == 'target'")
    assert latest["actual"].tolist() == [5_000_000]
