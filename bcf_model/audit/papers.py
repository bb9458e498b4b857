"""From a path to an audit: a pool with its published figures, or a plain transcription."""

from pathlib import Path

from bcf_model.audit.examine import Audit, Audited, audit_pool, audit_transcription
from bcf_model.audit.transcription import check_transcription
from bcf_model.core.findings import Finding
from bcf_model.pool import check_pool
from bcf_model.year.pipeline import run


def examined(path: str | Path) -> tuple[Audit | None, Audited | None, list[Finding]]:
    """Audit what is at a path.

    Args:
        path: a pool (folder or workbook), or a CSV file of printed figures.

    Returns:
        The audit and what was audited, or None when the data has errors; and every finding.
    """
    if Path(path).suffix.lower() == ".csv":
        return _of_transcription(Path(path))
    inputs, findings = check_pool(path)
    if inputs is None:
        return None, None, findings
    if inputs.published.empty:
        expected = "the numbers printed in the paper: there is nothing to audit"
        return None, None, [*findings, Finding("BCF002", "published.csv", expected=expected)]
    settings = inputs.settings
    about = Audited(inputs.name, settings.title, settings.source, inputs.files)
    return audit_pool(run(inputs)), about, findings


def _of_transcription(path: Path) -> tuple[Audit | None, Audited | None, list[Finding]]:
    paper, findings, files = check_transcription(path)
    if paper is None:
        return None, None, findings
    source = f"A transcription of {len(paper.printed):,} printed figures, {path.name}"
    title = "; ".join(paper.titles) or path.stem.replace("-", " ").capitalize()
    about = Audited(path.stem, title, source, tuple(files))
    return audit_transcription(paper), about, findings
