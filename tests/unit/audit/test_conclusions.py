"""What is said of figures that cannot be right: the proof, the choices, the ends, the engine."""

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from bcf_model.audit.conclusions import alone, together, verdicts_together, with_distance
from bcf_model.audit.joint import Consistency
from bcf_model.audit.smallest import Conflict


def printed(code: str, text: str, unit: str = "thousands", decimals: int = 0) -> SimpleNamespace:
    return SimpleNamespace(
        published_id=code, source=f"table 1 row {code}", label=code, column="Budget",
        printed=text, unit=unit, decimals=decimals, rounded="", rounded_to="",
    )  # fmt: skip


def computed(value: float, lowest: float, highest: float) -> SimpleNamespace:
    return SimpleNamespace(computed=value, lowest=lowest, highest=highest)


def sets(*figures: set[int]) -> tuple[frozenset[int], ...]:
    return tuple(map(frozenset, figures))


ROWS = [printed("a", "10"), printed("b", "20"), printed("t", "40")]
SURE = Consistency(
    (Conflict(sets({0, 1, 2}), sets({2}), smallest=True, complete=True),),
    {(0, 0, 2): (29.0, 31.0)}, 3, {},
)  # fmt: skip
OPEN = Consistency(
    (Conflict(sets({0, 1, 2}), sets({0}, {2}), smallest=True, complete=True),),
    {(0, 0, 0): (19.0, 21.0), (0, 1, 2): (None, 31.0)}, 3, {},
)  # fmt: skip


def sentences(found: Consistency, rows=ROWS, engine=()) -> list[str]:
    return [one.sentence for one in together(found, rows, dict(engine))]


# ------------------------------------------------------------------ together


def test_the_one_figure_that_must_be_wrong():
    [one] = together(SURE, ROWS, {})
    assert one.sentence == (
        "t (table 1 row t: t, Budget) prints 40, which cannot be right. It contradicts a [10] and "
        "b [20]. By all other printed figures it must be between 29 and 31."
    )
    assert (one.kind, one.severity) == ("joint consistency", "high")
    assert (one.places, one.conflict, one.choice) == ((2,), "J1", "")
    assert (one.lowest, one.highest) == (29, 31)


def test_equally_small_choices_are_told_one_by_one_after_the_whole():
    whole, first, second = together(OPEN, ROWS, {})
    assert whole.sentence == (
        "a, b and t cannot all be right. At least one of them is wrong, and 2 choices are equally "
        "small: a; t."
    )
    assert (whole.places, whole.conflict, whole.choice) == ((0, 1, 2), "J1", "")
    assert first.sentence == (
        "If a is the figure that is wrong: a (table 1 row a: a, Budget) prints 10. By all other "
        "printed figures it must be between 19 and 21."
    )
    assert (first.places, first.choice, first.lowest, first.highest) == ((0,), "1 of 2", 19, 21)
    assert second.sentence.endswith("By all other printed figures it must be at most 31.")
    assert (second.places, second.choice, second.lowest, second.highest) == (
        (2,), "2 of 2", None, 31,
    )  # fmt: skip


def test_a_choice_of_several_figures():
    both = Conflict(sets({0, 1}, {1, 2}), sets({0, 2}, {0, 1}), smallest=True, complete=False)
    ends = {(0, n, p): (1.0, 2.0) for n, p in ((0, 0), (0, 2), (1, 0), (1, 1))}
    said = sentences(Consistency((both,), ends, 3, {}))
    assert said[0] == (
        "a, b and t cannot all be right. At least 2 of them are wrong, and at least 2 choices are "
        "equally small: a and t; a and b."
    )
    assert said[1].startswith("If a and t are the figures that are wrong: a (")
    assert said[2].startswith("If a and t are the figures that are wrong: t (")
    assert said[4].startswith("If a and b are the figures that are wrong: b (")
    assert len(said) == 5


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({2}, "One wrong figure would explain it; whether another would too,"),
        ({1, 2}, "2 wrong figures would explain it; whether fewer would,"),
    ],
)
def test_a_search_that_gave_up_says_what_was_not_settled(choice, said):
    cut = Conflict(sets({0, 1, 2}), sets(choice), smallest=False, complete=False)
    ends = {(0, 0, place): (29.0, 31.0) for place in choice}
    whole, first, *rest = sentences(Consistency((cut,), ends, 3, {}))
    assert whole == (
        f"a, b and t cannot all be right. {said} was not settled within the number of "
        "contradictions the search allows."
    )
    assert first.startswith("If ")
    assert len(rest) == len(choice) - 1


def test_the_shortest_proof_is_shown_and_of_those_the_first():
    proofs = sets({0, 1, 2}, {1, 2}, {0, 2}, {0, 1})
    sure = Conflict(proofs, sets({2}), smallest=True, complete=True)
    [said] = sentences(Consistency((sure,), {(0, 0, 2): (1.0, 2.0)}, 3, {}))
    assert "It contradicts a [10]. By" in said


def test_a_figure_may_contradict_the_inputs_alone():
    sure = Conflict(sets({2}), sets({2}), smallest=True, complete=True)
    [said] = sentences(Consistency((sure,), {(0, 0, 2): (1.0, 2.0)}, 3, {}))
    assert "It contradicts the lines it is made of." in said


def test_each_conflict_has_a_name_and_ends_of_its_own():
    two = tuple(Conflict(sets({p}), sets({p}), smallest=True, complete=True) for p in (0, 1))
    found = Consistency(two, {(0, 0, 0): (1.0, 2.0), (1, 0, 1): (3.0, 5.0)}, 3, {})
    told = list(together(found, ROWS, {}))
    assert [(one.conflict, one.lowest, one.highest) for one in told] == [
        ("J1", 1, 2), ("J2", 3, 5),
    ]  # fmt: skip


def test_no_more_than_twelve_figures_are_named():
    rows = [printed(f"f{i}", "1") for i in range(14)]
    for count, end in ((12, "f10 and f11 cannot"), (13, "f11 and 1 more cannot"),
                       (14, "f11 and 2 more cannot")):  # fmt: skip
        some = Conflict(sets({*range(count)}), sets({0}, {1}), smallest=True, complete=True)
        ends = {(0, 0, 0): (0.0, 9.0), (0, 1, 1): (0.0, 9.0)}
        assert end in sentences(Consistency((some,), ends, 14, {}), rows)[0]


def test_no_more_than_twelve_choices_are_named():
    rows = [printed(f"f{i}", "1") for i in range(14)]
    for count, end in ((12, "f10; f11."), (13, "f10; f11; and others, which J1 lists.")):
        some = Conflict(sets({*range(count)}), sets(*({i} for i in range(count))), True, True)
        ends = {(0, i, i): (0.0, 9.0) for i in range(count)}
        assert sentences(Consistency((some,), ends, 14, {}), rows)[0].endswith(end)


def test_where_it_cannot_be_said_what_a_figure_must_be_that_is_said():
    [one] = together(replace(SURE, ranges={}), ROWS, {})
    assert one.sentence.endswith(
        "a [10] and b [20]. What it must be is beyond the reach of the arithmetic used."
    )
    assert (one.lowest, one.highest) == (None, None)


# ------------------------------------------------------------------ beside the engine


def test_what_the_engine_computes_between_the_ends_stands_beside_them():
    [said] = sentences(SURE, engine={2: computed(30.0, 29.5, 30.5)}.items())
    assert said.endswith("it must be between 29 and 31. The engine computes 30.")
    [said] = sentences(SURE, engine={0: computed(30.0, 29.5, 30.5)}.items())
    assert "engine" not in said


def test_the_lines_of_the_pool_are_named_where_the_ends_rest_on_them():
    told = "By the pool's lines and all other printed figures it must be between 29 and 31."
    [one] = together(SURE, ROWS, {}, by_lines=True)
    assert one.sentence.endswith(told)
    [one] = together(SURE, ROWS, {2: computed(30.0, 29.5, 30.5)}, by_lines=True)
    assert one.sentence.endswith(f"{told} The engine computes 30.")
    [one] = together(SURE, ROWS, {2: computed(32.0, 29.5, 34.5)}, by_lines=True)
    assert told in one.sentence
    assert one.sentence.endswith(
        "the ends are what the pool's lines and all other printed figures together allow of the "
        "amounts before rounding."
    )


def test_rounded_lines_may_put_the_engine_outside_the_ends():
    """Between 4.006 and 4.013 %; 294 of 7,351 is 3.999 %, and lines in £000 leave 3.94 to 4.05."""
    rows = [printed("p", "(8%)", "percent")]
    sure = Conflict(sets({0}), sets({0}), smallest=True, complete=True)
    found = Consistency((sure,), {(0, 0, 0): (4.006258, 4.013332)}, 1, {})
    [said] = sentences(found, rows, {0: computed(3.999456, 3.443968, 4.554973)}.items())
    assert said.endswith(
        "By all other printed figures it must be between 4.006% and 4.014%, and should be printed "
        "4%. The engine computes 3.999%, outside these ends because it adds up lines that were "
        "rounded before: the ends are what all other printed figures together allow of the amounts "
        "before rounding."
    )


@pytest.mark.parametrize(
    ("value", "out", "beyond"),
    # the ends are 29 and 31; a print of what is computed may be half a step beyond its rounding
    [(28.0, 1.0, False), (28.0, 0.9, True), (32.0, 1.0, False), (32.0, 0.9, True)],
)
def test_what_rounding_does_not_explain_is_said_not_to_agree(value, out, beyond):
    engine = {2: computed(value, value - out - 0.5, value + out + 0.5)}
    [said] = sentences(SURE, engine=engine.items())
    assert f"The engine computes {value:.0f}, outside these ends " in said
    assert ("because it adds up lines that were rounded before" in said) is not beyond
    assert (
        "by more than rounding explains: the lines of the pool do not agree with the other printed "
        "figures." in said
    ) is beyond


def test_half_a_printed_step_is_finer_with_decimals():
    rows = [printed("a", "10.0", decimals=1)]
    sure = Conflict(sets({0}), sets({0}), smallest=True, complete=True)
    found = Consistency((sure,), {(0, 0, 0): (20.0, 21.0)}, 1, {})
    # exact lines: a print of 19.9 lies between 19.85 and 19.95, and its rounding adds nothing
    [said] = sentences(found, rows, {0: computed(19.9, 19.85, 19.95)}.items())
    assert "by more than rounding explains" in said
    [said] = sentences(found, rows, {0: computed(19.9, 19.753, 20.047)}.items())
    assert "by more than rounding explains" in said
    [said] = sentences(found, rows, {0: computed(19.9, 19.75, 20.05)}.items())
    assert "because it adds up lines" in said


# ------------------------------------------------------------------ alone


def test_alone_against_the_engine():
    found = SimpleNamespace(computed=9.921, lowest=9.4, highest=10.45, distance=0.55)
    [one] = alone({0: found}, [printed("p", "11%", "percent")])
    assert one.sentence == (
        "p (table 1 row p: p, Budget) prints 11%. Computed from the lines of the pool it is "
        "9.921%; with every rounded amount taken as the interval it stands for, a print of it lies "
        "between 9.40% and 10.45%. Printed, it is 0.55 percentage points beyond that."
    )
    assert (one.kind, one.severity, one.places) == ("re-performance", "high", (0,))
    assert (one.lowest, one.highest) == (9.4, 10.45)
    found = SimpleNamespace(computed=9.0, lowest=8.0, highest=10.0, distance=1.0)
    [one] = alone({2: found}, ROWS)
    assert one.sentence.endswith("Printed, it is 1 beyond that.")
    assert one.places == (2,)


# ------------------------------------------------------------------ verdicts


def test_verdicts_figure_by_figure():
    found = Consistency(SURE.conflicts, {}, 3, {3: "why"})
    assert verdicts_together(found, 5) == (
        ["consistent", "consistent", "must be wrong", "not tested", "consistent"],
        ["", "", "J1", "", ""],
    )
    assert verdicts_together(OPEN, 3) == (
        ["may be wrong", "consistent", "may be wrong"], ["J1", "", "J1"],
    )  # fmt: skip


def test_a_figure_of_every_choice_must_be_wrong_and_the_others_may_be():
    both = Conflict(sets({0, 1}, {1, 2}), sets({0, 2}, {0, 1}), smallest=True, complete=True)
    assert verdicts_together(Consistency((both,), {}, 3, {}), 3)[0] == [
        "must be wrong", "may be wrong", "may be wrong",
    ]  # fmt: skip


def test_with_choices_left_out_no_figure_of_a_proof_is_cleared_or_sure():
    some = Conflict(sets({0, 1, 2}), sets({0}), smallest=True, complete=False)
    assert verdicts_together(Consistency((some,), {}, 3, {}), 3)[0] == ["may be wrong"] * 3
    cut = Conflict(sets({0, 1, 2}), sets({0}), smallest=False, complete=False)
    assert verdicts_together(Consistency((cut,), {}, 3, {}), 3)[0] == [
        "may be wrong", "consistent", "consistent",
    ]  # fmt: skip


def test_every_conflict_has_its_name_in_the_verdicts():
    two = tuple(Conflict(sets({p}), sets({p}), smallest=True, complete=True) for p in (2, 0))
    assert verdicts_together(Consistency(two, {}, 3, {}), 3)[1] == ["J2", "", "J1"]


def test_the_distance_is_how_far_a_print_is_beyond_its_ends():
    compared = pd.DataFrame(
        {
            "computed": [10.0, 10.0, 10.0, 10.0],
            "difference": [2.0, -3.0, 0.5, 2.0],
            "lowest": [9.0, 9.0, 9.0, 9.0],
            "highest": [11.0, 11.0, 11.0, 10.9999996],
            "verdict": ["outside", "outside", "agrees", "outside"],
        }
    )
    told = with_distance(compared, {"outside": "cannot be right", "agrees": "agrees"})
    assert told["distance"].tolist() == [1, 2, 0, 1]  # to six decimals
    assert told["verdict"].tolist() == ["cannot be right"] * 2 + ["agrees", "cannot be right"]
