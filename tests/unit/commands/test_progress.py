"""How far a command is: told on a terminal, and nowhere else."""

import sys

import pytest

from bcf_model.commands import progress


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "on_terminal", lambda: True)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)


def clock(monkeypatch: pytest.MonkeyPatch, *seconds: float) -> None:
    monkeypatch.setattr(progress.time, "monotonic", iter(seconds).__next__)


@pytest.mark.usefixtures("terminal")
def test_a_search_that_takes_long_says_how_many_values_it_tried_and_leaves_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock(monkeypatch, 100.0, 101.0, 102.0, 102.5, 109.0)
    with progress.counting("Looking for growth") as tell:
        for tried in (1, 2):
            tell(tried)
        assert capsys.readouterr().err == ""
        for tried in (3, 4):
            tell(tried)
    first, *later = capsys.readouterr().err.split("\r")
    assert first == "Looking for growth: 3 values tried"
    assert [text.strip() for text in later] == ["", "Looking for growth: 4 values tried", "", ""]
    assert {len(text) for text in later} == {len(first), 0}


@pytest.mark.usefixtures("terminal")
def test_a_search_that_fails_leaves_no_line_behind(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock(monkeypatch, 0.0, 3.0)
    with pytest.raises(ZeroDivisionError), progress.counting("Looking") as tell:
        tell(1)
        raise ZeroDivisionError
    said = capsys.readouterr().err
    assert said == f"Looking: 1 values tried\r{' ' * 23}\r"


@pytest.mark.usefixtures("terminal")
def test_a_note_stands_as_long_as_the_work_takes(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.note("Writing 6 reports"):
        assert capsys.readouterr().err == "Writing 6 reports"
    assert capsys.readouterr().err == f"\r{' ' * 17}\r"
    with progress.note(""):
        pass
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("terminal")
def test_a_bar_shows_how_far_it_is_unless_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    for hidden in (False, True):
        with progress.bar("Calculating", 2, hidden=hidden) as shown:
            shown.update(2)
        assert ("Calculating" in capsys.readouterr().err) is not hidden


def test_elsewhere_nothing_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock(monkeypatch, *range(0, 100, 10))
    with progress.counting("Looking") as tell, progress.note("Writing"):
        tell(1)
    with progress.bar("Calculating", 2) as shown:
        shown.update(2)
    assert capsys.readouterr().err == ""
