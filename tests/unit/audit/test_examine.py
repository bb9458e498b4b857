"""The audit as a whole: what is said where, in which sign, and how far a print is out."""

from dataclasses import replace

import pandas as pd
import pytest

from bcf_model.audit.examine import Audit, audit_pool
from tests.longer import slow
from tests.make.audit_papers import audited, explanations, rate, row, total
from tests.make.audit_pool import printed, results

# ------------------------------------------------------------------ a transcription

A, B = row("a", "10"), row("b", "20")


def test_what_is_sound():
    audit = audited(A, B, total("t", "30", "a + b"))
    assert audit.something_is_wrong is False
    assert audit.reperformed is False
    assert len(audit.tables["audit"]) == 0
    assert "is taken from the transcription" in audit.rests_on[0]
    figures = audit.tables["audit_figures"]
    assert figures["alone"].tolist() == ["not computed"] * 3
    assert figures["together"].tolist() == ["consistent"] * 3
    assert figures["computed"].isna().all()
    assert figures["conflict"].tolist() == ["", "", ""]


def test_observations_are_numbered_the_gravest_first():
    """A sign in words (low), a column of percentages of nil (low), and a wrong total (high)."""
    words = {"column": "text", "source": "paragraph 1"}
    audit = audited(row("v", "(27)"), row("s", "27", figure="v") | words, A, total("t", "40", "a"))
    frame = audit.tables["audit"]
    assert frame["observation"].tolist() == ["A001", "A002", "A003", "A004"]
    assert frame["severity"].tolist() == ["high", "high", "high", "low"]
    assert audit.something_is_wrong is True


def test_one_figure_is_shown_with_all_that_is_printed_of_it():
    audit = audited(A, row("a2", "10", figure="a", source="table 2"), total("t", "40", "a"))
    [one] = audit.tables["audit"].drop(columns="sentence").to_dict("records")
    assert one == {
        "observation": "A001", "severity": "high", "kind": "joint consistency", "conflict": "J1",
        "choice": "", "published_id": "t", "source": "table 1 row t", "label": "t",
        "column": "Budget", "printed": "40", "unit": "thousands", "lowest": 9.5, "highest": 10.5,
        # 39.5 would have been printed 40; 10.5 is 29 away from that
        "distance": 29.0,
    }  # fmt: skip


def test_several_figures_are_shown_with_what_they_share():
    audit = audited(row("a", "10", column="X"), row("b", "20", figure="a", column="Y"))
    whole = audit.tables["audit"].iloc[0]
    assert whole["published_id"] == "a; b"
    assert (whole["source"], whole["column"]) == ("", "")
    assert (whole["label"], whole["printed"], whole["unit"]) == ("", "", "")
    audit = audited(
        row("a", "10", source="table 1"), row("b", "20", figure="a", source="table 1"),
        total("t", "40", "a", source="table 1"),
    )  # fmt: skip
    whole = audit.tables["audit"].iloc[0]
    assert (whole["source"], whole["column"]) == ("table 1", "Budget")
    assert pd.isna(whole["distance"])


@pytest.mark.parametrize(
    ("total_printed", "distance"),
    # 9.50 to 10.50 is what it must be, and a print of it may be half a step beyond
    [("40", 29.0), ("(40)", 49.0), ("12.0", 1.45), ("12.00", 1.495), ("8.0", 1.45)],
)
def test_how_far_a_print_is_out(total_printed, distance):
    again = row("a2", "10", figure="a", source="table 2")
    frame = audited(A, again, total("t", total_printed, "a")).tables["audit"]
    [found] = frame[frame["kind"] == "joint consistency"]["distance"]
    assert found == distance


def test_an_end_that_is_not_there_is_no_distance():
    """By b it is at least 20 %, whatever a is; without the base nothing limits it above."""
    rows = [row("b", "0.5", decimals="1"), row("v", "30"), rate("p", "1%", "v / b"),
            total("b2", "0.5", "b"), total("v2", "30", "v")]  # fmt: skip
    audit = audited(*rows)
    assert explanations(audit) == [[{"p"}]]
    [one] = audit.tables["audit"].to_dict("records")
    # 29.5 ÷ 0.55 and 30.5 ÷ 0.45, in percent; printed 1 % may be half a percent more
    assert one["lowest"] == pytest.approx(100 * 29.5 / 0.55, abs=1e-6)
    assert one["highest"] == pytest.approx(100 * 30.5 / 0.45, abs=1e-6)
    assert one["distance"] == pytest.approx(100 * 29.5 / 0.55 - 1.5, abs=1e-6)


def test_the_distance_from_the_one_end_there_is():
    """30 is 0 % of b: 29.5 is half a percent of 5,900, and nothing says how much b is at most."""
    audit = audited(
        row("b", "200"), row("b2", "900", figure="b", source="table 2"), row("v", "30"),
        rate("p", "0%", "v / b"),
    )  # fmt: skip
    frame = audit.tables["audit"]
    one_end = frame[frame["lowest"].notna() & frame["highest"].isna()]
    assert one_end["published_id"].tolist() == ["b", "b2"]
    assert one_end["lowest"].tolist() == [5900, 5900]
    assert one_end["distance"].tolist() == [5900 - 0.5 - 200, 5900 - 0.5 - 900]


def test_nothing_limits_a_line_alone_in_its_conflict():
    audit = audited(row("a", "10"), total("t", "40", "a"))
    frame = audit.tables["audit"]
    first = frame[frame["choice"] == "1 of 2"].iloc[0]
    assert (first["lowest"], first["highest"], first["distance"]) == (39.5, 40.5, 29.0)


# ------------------------------------------------------------------ a pool


def audit_of(*figures: tuple[str, str], columns=(), of=None, **more) -> Audit:
    frame = printed(*figures, **more)
    for place, column in enumerate(columns):
        frame.loc[place, "column"] = column
    found = of or results()
    return audit_pool(replace(found, inputs=replace(found.inputs, published=frame)))


@slow
def test_a_pools_figures_are_put_beside_the_engine():
    audit = audit_of(("budget/theme=1", "300"), ("variance/theme=1", "21"), unit="pounds")
    assert audit.reperformed is True
    figures = audit.tables["audit_figures"]
    assert figures["computed"].tolist() == [300, 20]
    assert figures["difference"].tolist() == [0, 1]
    assert figures["lowest"].tolist() == [299.5, 19.5]
    assert figures["highest"].tolist() == [300.5, 20.5]
    assert figures["distance"].tolist() == [0, 0.5]
    assert figures["alone"].tolist() == ["agrees", "cannot be right"]
    assert audit.something_is_wrong


def test_what_is_said_together_is_not_said_again_alone():
    """The variance contradicts the inputs, which no other print could explain."""
    audit = audit_of(("budget/theme=1", "300"), ("variance/theme=1", "21"), unit="pounds")
    [one] = audit.tables["audit"].to_dict("records")
    assert one["kind"] == "joint consistency"
    assert one["published_id"] == "P1"
    assert "The engine computes £20." in one["sentence"]


def test_what_only_the_engine_contradicts_is_said_alone():
    """Every line is printed, and so is their total: the inputs then say nothing together."""
    figures = [("budget/scheme=s1", "100"), ("budget/scheme=s2", "250"), ("budget/theme=1", "350")]
    audit = audit_of(*figures, unit="pounds")
    assert explanations(audit) == []
    assert audit.something_is_wrong
    frame = audit.tables["audit"]
    assert frame["kind"].tolist() == ["re-performance"] * 2
    assert frame["published_id"].tolist() == ["P1", "P2"]
    assert frame["distance"].tolist() == [49.5, 49.5]
    assert frame["lowest"].tolist() == [199.5, 299.5]
    assert "Printed, it is £49.5 beyond that." in frame["sentence"][0]


def test_where_several_choices_are_open_the_engine_speaks_too():
    """100 and 200 printed as 100 and 250, with a total of 300: by the inputs it is the second."""
    figures = [("budget/scheme=s1", "100"), ("budget/scheme=s2", "250"), ("budget/theme=1", "300")]
    audit = audit_of(*figures, unit="pounds")
    assert explanations(audit) == [[{"P0"}, {"P1"}, {"P2"}]]
    frame = audit.tables["audit"]
    assert frame["kind"].tolist() == ["joint consistency"] * 4 + ["re-performance"]
    assert frame["published_id"].tolist()[-1] == "P1"
    said = frame["sentence"].tolist()
    # 300 ± 0.5 − 250 ± 0.5: 49 to 51, and the pool has 100
    assert "between £49 and £51. The engine computes £100, outside these ends by more" in said[1]
    assert "between £199 and £201. The engine computes £200." in said[2]


def test_a_figure_in_the_other_order_is_put_beside_the_engine_in_its_own_sign():
    """Budget less expenditure throughout: (30), 10 and, wrongly, 7 for (5)."""
    figures = [("budget/scheme=s1", "100"), ("expenditure/scheme=s1", "130"),
               ("variance/scheme=s1", "(30)"),
               ("budget/scheme=s2", "200"), ("expenditure/scheme=s2", "190"),
               ("variance/scheme=s2", "10"),
               ("budget/scheme=s3", "50"), ("expenditure/scheme=s3", "55"),
               ("variance/scheme=s3", "(17)")]  # fmt: skip
    audit = audit_of(*figures, columns=["Budget", "Outturn", "Left"] * 3, unit="pounds")
    figures_frame = audit.tables["audit_figures"]
    left = figures_frame[figures_frame["column"] == "Left"]
    assert left["computed"].tolist() == [-30, 10, -5]
    assert left["difference"].tolist() == [0, 0, -12]
    assert left["lowest"].tolist() == [-30.5, 9.5, -5.5]
    assert left["highest"].tolist() == [-29.5, 10.5, -4.5]
    assert left["distance"].tolist() == [0, 0, 11.5]
    assert left["alone"].tolist() == ["agrees", "agrees", "cannot be right"]
    said = audit.tables["audit"]["sentence"]
    assert any("P8" in one and "must be between (£6) and (£4)" in one for one in said)


def test_a_number_in_words_is_put_beside_the_engine_in_its_own_sign():
    figures = [("variance/scheme=s2", "(10)"), ("variance/scheme=s2", "10")]
    audit = audit_of(*figures, columns=["Variance", "text"], unit="pounds")
    frame = audit.tables["audit_figures"]
    assert frame["computed"].tolist() == [-10, 10]
    assert frame["alone"].tolist() == ["agrees", "agrees"]
    assert not audit.something_is_wrong


def test_nil_has_no_sign():
    figures = [("expenditure/scheme=s2", "190"), ("variance/pooling=aligned", "0"),
               ("variance/scheme=s1", "(30)"), ("expenditure/scheme=s1", "130"),
               ("budget/scheme=s1", "100"), ("variance/scheme=s2", "10"),
               ("budget/scheme=s2", "200")]  # fmt: skip
    columns = ["E", "V", "V", "E", "B", "V", "B"]
    audit = audit_of(*figures, columns=columns, unit="pounds")
    nil = audit.tables["audit_figures"].iloc[1]
    assert str(nil["computed"]) == str(nil["difference"]) == "0.0"


def test_what_cannot_be_compared_is_left_out():
    audit = audit_of(("variance", "5%"), ("stated/elsewhere", "7"), unit="pounds")
    frame = audit.tables["audit_figures"]
    assert frame["alone"].tolist() == ["not comparable", "not computed"]
    assert frame["together"].tolist() == ["not tested", "consistent"]
    assert frame["why_not"].tolist() == ["printed as a percentage", ""]
    assert audit.something_is_wrong is False
