"""What came of verifying reports, as a person reads it."""

from textwrap import fill
from typing import Final

from bcf_model.core.findings import printable
from bcf_model.verify.compare import Verification
from bcf_model.verify.file_differences import Judged

MOST_SAID: Final = 20
"""Differences that are listed for one file; of more, their number is."""
_WIDTH: Final = 100


def summarise(found: Verification) -> str:
    """Write it in lines: the inputs, what to note, each file, and the answer."""
    said = [f"{'Reports' if found.several else 'Report'}: {found.report}"]
    if found.pool:
        said.append(f"Inputs: {found.pool}, {_count(len(found.inputs), 'file')}{_state(found)}")
    if found.unmade:
        said.append(_wrapped(f"Not made again: {found.unmade}."))
    said += [_wrapped(f"Input {it}.") for it in found.changed]
    said += [_wrapped(f"Note: {it}.") for it in found.notes]
    for it in found.files:
        said += _of_file(it)
    return "\n".join([*said, _answer(found)])


def _state(found: Verification) -> str:
    if not found.inputs:
        return ", none could be read"
    if not found.listed:
        return "; whether any changed since cannot be known without a sound run.json"
    return f", {len(found.changed)} not as they were" if found.changed else ", none changed since"


def _of_file(it: Judged) -> list[str]:
    said = [f"  {it.file}: {it.verdict}"]
    said += [_wrapped(f"{text}.", "    ") for text in it.said[:MOST_SAID]]
    if len(it.said) > MOST_SAID:
        said.append(f"    and {len(it.said) - MOST_SAID:,} more like these.")
    return said


def _answer(found: Verification) -> str:
    if found.findings:
        return "The inputs have errors."
    if found.unmade:
        return _wrapped(_by_hashes(found))
    what = "reports are" if found.several else "report is"
    if found.agrees:
        other = sum(it.verdict == "same content" for it in found.files)
        noted = f" ({_count(other, 'file')} of the same content in other bytes)" if other else ""
        return f"The {what} what these inputs and this version give{noted}."
    wrong = sum(not it.agrees for it in found.files)
    of_all = (
        f"{wrong} of {_count(len(found.files), 'file')} {'differs' if wrong == 1 else 'differ'}"
    )
    said = of_all if wrong else "no file differs"
    if found.changed:
        said += f", {_count(len(found.changed), 'input')} changed"
    return f"The {what} NOT what these inputs and this version give: {said}."


def _by_hashes(found: Verification) -> str:
    """Return what hashes alone prove, and what they do not."""
    count, what = _count(len(found.files), "file"), "Reports" if found.several else "Report"
    manifest = "its manifest" if not found.several else "the manifest beside it"
    if found.agrees:
        said = f"Each of {count} has the SHA-256 that {manifest} lists."
    else:
        wrong = sum(not it.agrees for it in found.files)
        are = "is" if wrong == 1 else "are"
        said = f"{what} NOT as written: {wrong} of {count} {are} not what {manifest} lists."
    return (
        f"{said} Checked was only whether these are the files the manifest lists, which does not "
        "prove their figures right: the manifest itself, the inputs, and whether the figures "
        "follow from them, were not checked."
    )


def _wrapped(text: str, indent: str = "") -> str:
    return fill(
        printable(text),  # a sentence may name a part or a file, whoever named it
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
