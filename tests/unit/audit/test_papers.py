"""From a path to an audit: a pool, a transcription, and what is neither."""

import shutil

from bcf_model.audit.papers import examined
from tests.longer import slow
from tests.make.audit_papers import row, total, write
from tests.make.places import SOUND


def test_a_transcription_is_named_after_its_file(tmp_path):
    file = write([row("a", "10"), total("t", "40", "a")], tmp_path / "two-lines.csv")
    audit, about, findings = examined(str(file))
    assert findings == []
    assert audit is not None
    assert about is not None
    assert (about.name, about.title) == ("two-lines", "Two lines")
    assert about.source == "A transcription of 2 printed figures, two-lines.csv"
    assert [(used.name, used.rows) for used in about.files] == [("two-lines.csv", 2)]
    assert audit.something_is_wrong
    assert audit.reperformed is False


def test_a_transcription_with_errors_is_not_audited(tmp_path):
    audit, about, findings = examined(write([row("a", "ten")], tmp_path / "paper.csv"))
    assert (audit, about) == (None, None)
    assert [finding.code for finding in findings] == ["BCF602"]


@slow
def test_a_pool_is_audited_against_the_engine():
    audit, about, findings = examined(SOUND)
    assert findings == []
    assert audit is not None
    assert about is not None
    assert about.name == "sound"
    assert "published.csv" in {used.name for used in about.files}
    assert audit.reperformed is True


def test_a_pool_with_errors_is_not_audited(tmp_path):
    audit, about, findings = examined(tmp_path / "nowhere")
    assert (audit, about) == (None, None)
    assert [finding.code for finding in findings] == ["BCF001"]


def test_a_pool_that_nothing_was_printed_of(tmp_path):
    pool = shutil.copytree(SOUND, tmp_path / "pool")
    (pool / "published.csv").unlink()
    audit, about, findings = examined(pool)
    assert (audit, about) == (None, None)
    assert [(finding.code, finding.file) for finding in findings] == [("BCF002", "published.csv")]
    assert "there is nothing to audit" in findings[0].sentence
