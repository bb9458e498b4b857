"""Workbooks counted before they are believed: what a file claims in names, sizes and places.

A workbook may come from anyone. Its parts are unpacked piece by piece and counted as they really
come out; its XML streams by, and only counts and places are kept. Nothing here takes more time or
memory than the bytes that were read, whatever the file says of itself.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, Final
from xml.parsers import expat

from bcf_model.core.errors import BcfError

MOST_PARTS: Final = 2_000
LARGEST_UNPACKED: Final = 200 * 2**20
"""Bytes all parts may unpack to, those that are never looked at included."""
TIGHTEST: Final = 200
"""How many times its packed size a part may unpack to, once it is no longer small: XML of cells
comes to 10 to 40 times, a file made to fill the memory to 1,000."""
SMALL: Final = 2**18
LARGEST_DIRECTORY: Final = 2**20
DEEPEST: Final = 40
"""Elements of XML within each other; a workbook has about ten."""
LONGEST_TAG: Final = 2**20
MOST_ELEMENTS: Final = 5_000_000
_PIECE: Final = 2**16
_LOCAL: Final = b"PK\x03\x04"


class Damaged(BcfError):
    """A file is no workbook that could be read; says why.

    Attributes:
        kind: `damaged`, `large` (beyond a limit), `twice` (two of what there is only one of),
            `password` or `strict`.
        expected: what would have been right; "" where that is plain.
        sheet: the sheet it is about; "" for the file.
        cell: its address; "" for the whole.
    """

    def __init__(
        self, said: str, kind: str = "damaged", expected: str = "", sheet: str = "", cell: str = ""
    ) -> None:
        """Keep what is said and of which place."""
        self.kind, self.expected, self.sheet, self.cell = kind, expected, sheet, cell
        super().__init__(said)


class Archive:
    """The parts of a workbook; each is counted as it is unpacked.

    Attributes:
        names: of the parts, as they stand in the file.

    Raises:
        Damaged: it is no sound zip file, needs a password, has two parts of one name (capitals
            make no other name), or too many.
    """

    def __init__(self, data: bytes, most: int = LARGEST_UNPACKED) -> None:
        """Read what the file says it holds, and count it.

        Args:
            data: the bytes of the file.
            most: bytes it may unpack to.
        """
        self._data, self._most = data, most
        self._unpacked: dict[str, int] = {}
        entries = _entries(data)
        size = sum(entry.file_size for entry in entries)
        if size > most:
            raise _too_large(size, most)
        folded: dict[str, str] = {}
        for entry in entries:
            name = entry.filename
            if (other := folded.setdefault(name.casefold(), name)) != name:
                message = f"two parts whose names differ only in capitals: {other} and {name}"
                raise Damaged(message, "twice", "each part once")
            if entry.flag_bits & 1:
                message = "a password"
                raise Damaged(message, "password")
        self._entries = {entry.filename: entry for entry in entries}
        if len(self._entries) < len(entries):
            names = [entry.filename for entry in entries]
            message = f"two parts of one name: {max(names, key=names.count)}"
            raise Damaged(message, "twice", "each part once")
        self.names = tuple(self._entries)

    def __contains__(self, name: str) -> bool:
        """Return whether there is a part of this name."""
        return name in self._entries

    def pieces(self, name: str) -> Iterator[bytes]:
        """Unpack a part piece by piece.

        Raises:
            Damaged: it is missing, does not unpack to what the file says, or to too much.
        """
        if name not in self:
            message = f"no part {name}"
            raise Damaged(message)
        entry, size, checked = self._entries[name], 0, 0
        before = sum(self._unpacked.values()) - self._unpacked.get(name, 0)
        for piece in self._inflated(entry):
            size += len(piece)
            if before + size > self._most:
                raise _too_large(before + size, self._most)
            if size > max(SMALL, TIGHTEST * entry.compress_size):
                message = f"a part, {name}, that unpacks to over {TIGHTEST} times its size"
                raise Damaged(message, "large", "a workbook that a spreadsheet program saved")
            checked = zlib.crc32(piece, checked)
            yield piece
        if size != entry.file_size or checked != entry.CRC:
            message = f"{name} is damaged: it is not what the file says it holds"
            raise Damaged(message)
        self._unpacked[name] = size

    def read(self, name: str, most: int) -> bytes:
        """Unpack a part whole.

        Raises:
            Damaged: as for `pieces`, or it has more bytes than `most`.
        """
        found = bytearray()
        for piece in self.pieces(name):
            found += piece
            if len(found) > most:
                message = f"a part, {name}, of over {most / 2**20:g} MB"
                raise Damaged(message, "large", "a smaller one")
        return bytes(found)

    def check(self) -> None:
        """Unpack every part, so that each is counted as it comes out and checked at its end.

        Raises:
            Damaged: as for `pieces`.
        """
        for name in self.names:
            for _ in self.pieces(name):
                pass

    def _inflated(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """Unpack an entry by its packed bytes, whatever it says of its size."""
        at = entry.header_offset
        if self._data[at : at + 4] != _LOCAL:
            message = f"{entry.filename} is damaged"
            raise Damaged(message)
        start = at + 30 + sum(struct.unpack("<HH", self._data[at + 26 : at + 30].ljust(4, b"\0")))
        packed = memoryview(self._data)[start : start + entry.compress_size]
        if entry.compress_type == zipfile.ZIP_STORED:
            for begin in range(0, len(packed), _PIECE):
                yield bytes(packed[begin : begin + _PIECE])
            return
        if entry.compress_type != zipfile.ZIP_DEFLATED:
            message = f"a part, {entry.filename}, packed in a way no spreadsheet program packs"
            raise Damaged(message)
        inflater = zlib.decompressobj(-15)
        try:
            for begin in range(0, len(packed), _PIECE):
                rest = bytes(packed[begin : begin + _PIECE])
                while rest and not inflater.eof:
                    yield inflater.decompress(rest, _PIECE)
                    rest = inflater.unconsumed_tail
            yield inflater.flush()
        except zlib.error as problem:
            message = f"{entry.filename} is damaged ({problem})"
            raise Damaged(message) from problem


def _too_large(size: int, most: int) -> Damaged:
    message = f"{size / 2**20:,.0f} MB unpacked"
    return Damaged(message, "large", f"at most {most / 2**20:,.0f} MB")


def _entries(data: bytes) -> list[zipfile.ZipInfo]:
    """List the entries of a zip file, once its directory is known to be small."""
    try:
        _measure_directory(data)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except Damaged:
        raise
    except Exception as problem:  # zip has many ways to say "damaged"
        message = f"not a workbook, or a damaged one ({problem})"
        raise Damaged(message) from problem
    if len(entries) > MOST_PARTS:
        message = f"{len(entries):,} parts"
        raise Damaged(message, "large", f"at most {MOST_PARTS:,} parts")
    return entries


def _measure_directory(data: bytes) -> None:
    """Refuse a directory so large that listing it would fill the memory."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 2**16 - 22))
    size = int.from_bytes(data[end + 12 : end + 16], "little") if end >= 0 else 0
    if data[max(0, end - 20) : max(0, end - 16)] == b"PK\x06\x07":  # as large files are packed
        size = int.from_bytes(data[end - 36 : end - 28], "little")
    if size > LARGEST_DIRECTORY:
        message = "a list of parts larger than a workbook has"
        raise Damaged(message, "large", f"at most {MOST_PARTS:,} parts")


class Reader:
    """Looks at XML as it goes by: to be told of elements, in `start`, `data` and `end`.

    Names are given as `namespace}name`, and only `name` where there is no namespace.
    """

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Check an element as it opens."""

    def data(self, text: str) -> None:
        """Check a piece of text."""

    def end(self, name: str) -> None:
        """Check an element as it closes."""


def local(name: str) -> str:
    """Return the name of an element without its namespace."""
    return name.rpartition("}")[2]


def stream(pieces: Iterable[bytes], part: str, reader: Reader, most: int = MOST_ELEMENTS) -> None:
    """Skip the XML of a part go by.

    Args:
        pieces: its bytes.
        part: its name.
        reader: is told of what goes by.
        most: elements it may have.

    Raises:
        Damaged: it is not sound, declares a document type (and so could declare entities), goes
            too deep, has a tag without end, or the reader refuses it.
    """
    parser: Any = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    level = fed = seen = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal level, seen
        level, seen = level + 1, seen + 1
        if level > DEEPEST:
            message = f"{part}: elements within each other, more than {DEEPEST} deep"
            raise Damaged(message)
        if seen > most:
            message = f"{part}: more than {most:,} elements"
            raise Damaged(message, "large", "fewer")
        reader.start(name, attributes)

    def end(name: str) -> None:
        nonlocal level
        level -= 1
        reader.end(name)

    def refuse(*_: object) -> None:
        message = f"{part}: its XML declares a document type"
        raise Damaged(message)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = reader.data
    parser.StartDoctypeDeclHandler = refuse
    try:
        for piece in pieces:
            fed += len(piece)
            parser.Parse(piece, False)
            if fed - parser.CurrentByteIndex > LONGEST_TAG:
                message = f"{part}: a tag without end"
                raise Damaged(message)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as problem:
        message = f"{part} is damaged ({problem})"
        raise Damaged(message) from problem
