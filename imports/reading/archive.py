"""Checks of a zip file that trust none of its own figures and unpack next to nothing."""

import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO, BinaryIO

from imports.reading.errors import RESAVE, UnableToRead, damaged
from imports.reading.limits import Limits

# What the zip and zlib modules raise on bytes that are not what they say.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, OSError)

_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_END_RECORD = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_DIRECTORY_BYTES = 4 * 1024 * 1024
_PROLOG_BYTES = 64 * 1024
_HAS_DESCRIPTOR = 0x08
_IS_ENCRYPTED = 0x01
_ROOT_ELEMENT = re.compile(rb"<[A-Za-z_]")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


def open_archive(path: Path, limits: Limits) -> zipfile.ZipFile:
    """Open a zip whose directory is complete and of a bearable size.

    The size is looked up first, since zipfile reads the whole directory at once.
    """
    with path.open("rb") as stream:
        _check_end_record(stream, path.stat().st_size, limits)
    try:
        return zipfile.ZipFile(path)
    except (*BROKEN, ValueError) as error:
        raise damaged() from error


def check_archive(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse bombs, lying sizes, overlapping or doubled parts, passwords and DTDs."""
    parts = archive.infolist()
    if len(parts) > limits.parts:
        raise _bomb()
    _check_names(parts)
    for part in parts:
        _check_part(part, limits)
    if sum(part.file_size for part in parts) > limits.unpacked_bytes:
        raise _bomb()
    _check_places(archive, parts)
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels")):
            _check_prolog(archive, part)


def _check_end_record(stream: BinaryIO, size: int, limits: Limits) -> None:
    stream.seek(max(0, size - _END_RECORD.size - 0xFFFF))
    tail = stream.read()
    start = tail.rfind(_END_MARK)
    if start < 0 or len(tail) - start < _END_RECORD.size:
        raise UnableToRead("truncated", "ไฟล์มาไม่ครบ ส่งไฟล์ใหม่อีกครั้ง หรือขอไฟล์จากต้นทางใหม่หากเปิดไม่ได้")
    found = _END_RECORD.unpack_from(tail, start)
    entries, directory_bytes = found[4], found[5]
    # 0xFFFF and 0xFFFFFFFF point to zip64 fields: no workbook needs so many parts.
    if entries > limits.parts or directory_bytes > _DIRECTORY_BYTES:
        raise _bomb()


def _check_names(parts: list[zipfile.ZipInfo]) -> None:
    # Two parts of one name: one program would read the first, another the second.
    names = {part.filename.replace("\\", "/").lower() for part in parts}
    if len(names) != len(parts):
        raise _bomb()


def _check_part(part: zipfile.ZipInfo, limits: Limits) -> None:
    if part.flag_bits & _IS_ENCRYPTED:
        raise encrypted()
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise damaged()
    too_tight = part.file_size > limits.ratio * max(1, part.compress_size)
    if too_tight and part.file_size > limits.ratio_from_bytes:
        raise _bomb()


def _check_places(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Every part stands behind the one before it, and both its headers tell the same."""
    stream = archive.fp
    assert stream is not None
    free_from = 0
    for part in sorted(parts, key=lambda each: each.header_offset):
        if part.header_offset < free_from:
            raise _bomb()
        free_from = _end_of(stream, part)
    if free_from > archive.start_dir:
        raise _bomb()


def _end_of(stream: IO[bytes], part: zipfile.ZipInfo) -> int:
    stream.seek(part.header_offset)
    raw = stream.read(_LOCAL_HEADER.size)
    if len(raw) < _LOCAL_HEADER.size or raw[:4] != b"PK\x03\x04":
        raise damaged()
    fields: tuple[int, ...] = _LOCAL_HEADER.unpack(raw)
    flags, packed, unpacked, name, extra = fields[2], *fields[7:]
    if not flags & _HAS_DESCRIPTOR:
        for said, listed in ((packed, part.compress_size), (unpacked, part.file_size)):
            if said not in (listed, 0xFFFFFFFF):
                raise _bomb()
    return part.header_offset + _LOCAL_HEADER.size + name + extra + part.compress_size


def _check_prolog(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse a document type before the root element, the only place where it may stand."""
    try:
        with archive.open(part) as stream:
            head = stream.read(_PROLOG_BYTES)
    except BROKEN as error:
        raise damaged() from error
    if not head:
        return
    head = head.removeprefix(b"\xef\xbb\xbf")
    declaration = head[:200].partition(b"?>")[0] if head.startswith(b"<?xml") else b""
    declared = _ENCODING.search(declaration)
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"):
        raise _odd_xml()
    position = 0
    while not _ROOT_ELEMENT.match(head, position):
        position = _behind_misc(head, position)


def _behind_misc(head: bytes, position: int) -> int:
    """Return where the next piece of the prolog starts."""
    for opening, closing in ((b"<?", b"?>"), (b"<!--", b"-->")):
        if head.startswith(opening, position):
            end = head.find(closing, position)
            if end < 0:
                raise _odd_xml()
            return end + len(closing)
    if head[position : position + 1].isspace():
        return position + 1
    raise _odd_xml()


def _odd_xml() -> UnableToRead:
    return UnableToRead(
        "document_type",
        f"ไฟล์มีส่วนประกาศเอกสารที่ไม่ปลอดภัย (DTD) หรือไม่ใช่ UTF-8 {RESAVE}",
    )


def _bomb() -> UnableToRead:
    return UnableToRead(
        "archive_bomb",
        "โครงสร้างไฟล์ผิดปกติหรือคลายแล้วใหญ่เกินกำหนด คัดลอกเฉพาะตารางไปไว้ในไฟล์ใหม่แล้วบันทึกเป็น .xlsx",
    )


def encrypted() -> UnableToRead:
    return UnableToRead("encrypted", "ไฟล์ตั้งรหัสผ่านไว้ เปิดไฟล์แล้วเอารหัสผ่านออก บันทึก แล้วส่งใหม่")
