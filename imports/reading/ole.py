"""The compound file (OLE2) that holds an old .xls or an encrypted .xlsx. Source: [MS-CFB] 2."""

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from imports.reading.errors import damaged

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END_OF_CHAIN = 0xFFFFFFFE
_LARGEST_SECTOR = 0xFFFFFFFA
_ENTRY_BYTES = 128
_STREAM = 2

# Numbers of BIFF records, [MS-XLS] 2.3.
EOF = 0x0A
FILEPASS = 0x2F


@dataclass(frozen=True)
class Entry:
    name: str
    kind: int
    start: int
    size: int


class CompoundFile:
    """Read-only view of the streams. Every chain is bounded by the number of sectors."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as stream:
            self._data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        self._load(self._data[:512])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._data.close()

    def _load(self, header: bytes) -> None:
        if len(header) < 512 or not header.startswith(SIGNATURE):
            raise damaged()
        shift, mini_shift = struct.unpack_from("<2H", header, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise damaged()
        self._sector_bytes = 1 << shift
        fields = struct.unpack_from("<8L", header, 44)
        fat_sectors, directory, _, self._mini_cutoff, mini_fat, _, difat, difat_sectors = fields
        self._fat = self._read_fat(header, fat_sectors, difat, difat_sectors)
        self.entries = self._read_directory(directory)
        self._mini_fat = self._longs(self._chain(mini_fat))
        root = self.entries[0] if self.entries else Entry("", 0, _END_OF_CHAIN, 0)
        self._mini_data = self._chain(root.start)[: root.size]

    def names(self) -> set[str]:
        return {entry.name for entry in self.entries}

    def stream(self, name: str) -> bytes:
        """Return one stream's bytes. Raises KeyError if there is none of the name."""
        for entry in self.entries:
            if entry.name == name and entry.kind == _STREAM:
                if entry.size < self._mini_cutoff:
                    return self._mini_chain(entry.start)[: entry.size]
                return self._chain(entry.start)[: entry.size]
        raise KeyError(name)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._sector_bytes
        found = self._data[start : start + self._sector_bytes]
        if not found:
            raise damaged()
        return found

    def _longs(self, raw: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(raw) // 4}L", raw[: len(raw) // 4 * 4])

    def _read_fat(self, header: bytes, count: int, difat: int, difat_count: int) -> tuple[int, ...]:
        places = list(struct.unpack_from("<109L", header, 76))
        for _ in range(min(difat_count, len(self._data) // self._sector_bytes)):
            if difat > _LARGEST_SECTOR:
                break
            *more, difat = self._longs(self._sector(difat))
            places += more
        used = [place for place in places if place <= _LARGEST_SECTOR][:count]
        return self._longs(b"".join(self._sector(place) for place in used))

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in _walk(self._fat, start))

    def _mini_chain(self, start: int) -> bytes:
        return b"".join(
            self._mini_data[number * 64 : number * 64 + 64]
            for number in _walk(self._mini_fat, start)
        )

    def _read_directory(self, start: int) -> list[Entry]:
        raw = self._chain(start)
        found = []
        for offset in range(0, len(raw) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
            name_bytes, kind = struct.unpack_from("<HB", raw, offset + 64)
            first, size = struct.unpack_from("<2L", raw, offset + 116)
            name = raw[offset : offset + max(0, min(name_bytes, 64) - 2)]
            found.append(Entry(name.decode("utf-16-le", "replace"), kind, first, size))
        return found


def _walk(table: tuple[int, ...], start: int) -> list[int]:
    """Follow a chain of sectors. Raises UnableToRead where it leaves the table or turns round."""
    found: list[int] = []
    while start != _END_OF_CHAIN:
        if start >= len(table) or len(found) > len(table):
            if start > _LARGEST_SECTOR:
                break
            raise damaged()
        found.append(start)
        start = table[start]
    return found


def records(workbook: bytes, start: int = 0) -> Iterator[tuple[int, int, bytes]]:
    """Yield (record number, offset, payload) of a BIFF stream, from one place on."""
    while start + 4 <= len(workbook):
        number, length = struct.unpack_from("<2H", workbook, start)
        yield number, start, workbook[start + 4 : start + 4 + length]
        start += 4 + length
