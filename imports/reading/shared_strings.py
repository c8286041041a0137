"""The shared strings of an .xlsx: cells point to them by number."""

import re
import zipfile
from array import array
from collections.abc import Callable, Generator
from contextlib import closing
from itertools import chain

from imports.reading.errors import damaged
from imports.reading.package import Package, blocks, feed, local, new_parser

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BLANK_SIGNS = (b"<t/>", b"<t />", b"></t>", b" </t>", b"\n</t>", b"<si/>", b"<si />", b"<si></si>")


class SharedStrings:
    """All shared strings in one run of UTF-8, since a list of them would take ten times more."""

    def __init__(self, archive: zipfile.ZipFile, part: str | None) -> None:
        self._text = bytearray()
        self._ends = array("Q")
        reader = _Texts(self._add)
        self._parser = new_parser()
        self._parser.StartElementHandler, self._parser.EndElementHandler = reader.start, reader.end
        self._parser.CharacterDataHandler = reader.data
        # Numbered by first use: the head of a sheet needs only the head of its strings.
        self._unread = blocks(archive, part) if part is not None else _nothing()

    def close(self) -> None:
        """Leave the part, also half read: parser and handlers hold each other, and it with them."""
        self._unread.close()

    def _add(self, text: str) -> None:
        self._text += text.encode()
        self._ends.append(len(self._text))

    def __getitem__(self, number: int) -> str:
        while number >= len(self._ends) and self._read_more():
            pass
        if not 0 <= number < len(self._ends):
            raise damaged()
        start = self._ends[number - 1] if number else 0
        return self._text[start : self._ends[number]].decode()

    def _read_more(self) -> bool:
        for block in self._unread:
            feed(self._parser, (block,), is_last=False)
            return True
        return False

    def blank(self) -> frozenset[int]:
        """Return the numbers of the strings without any text."""
        while self._read_more():
            pass
        starts = chain((0,), self._ends)
        return frozenset(
            number
            for number, (start, end) in enumerate(zip(starts, self._ends, strict=False))
            if start == end
        )


def _nothing() -> Generator[bytes, None, None]:
    yield from ()


class _Texts:
    """Joins the runs of each <si>, without the reading aids (<rPh>)."""

    def __init__(self, add: Callable[[str], None]) -> None:
        self.add = add
        self.runs: list[str] = []
        self.run: list[str] | None = None
        self.is_kept = False
        self.aids = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "si":
            self.runs = []
        elif name == "rPh":
            self.aids += 1
        elif name == "t" and not self.aids:
            self.run = []
            self.is_kept = attributes.get("xml:space") == "preserve"

    def data(self, piece: str) -> None:
        if self.run is not None:
            self.run.append(piece)

    def end(self, tag: str) -> None:
        name = local(tag)
        if name == "t" and self.run is not None:
            self.runs.append(plain("".join(self.run), self.is_kept))
            self.run = None
        elif name == "rPh":
            self.aids -= 1
        elif name == "si":
            self.add("".join(self.runs))


def plain(text: str, is_kept: bool) -> str:
    """Undo Excel's escapes; outer white space counts only where xml:space says so."""
    if not is_kept:
        text = text.strip(" \t\r\n")
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return text


def empty_strings(archive: zipfile.ZipFile, package: Package) -> frozenset[int]:
    """Return the numbers of the shared strings that hold no text, if there are such."""
    if package.strings is None:
        return frozenset()
    carry = b""
    for block in blocks(archive, package.strings):
        searched = carry + block
        if any(mark in searched for mark in _BLANK_SIGNS) or b"<sst" not in searched[:4096] + carry:
            break
        carry = b"<sst" + block[-32:]
    else:
        return frozenset()
    with closing(SharedStrings(archive, package.strings)) as strings:
        return strings.blank()
