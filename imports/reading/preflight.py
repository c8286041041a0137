"""Looks at a file before any parser does, and tells what it is by its content.

Reads heads, directories and sizes only: milliseconds, whatever the file claims to hold.
"""

import re
import zipfile
from pathlib import Path

from imports.reading import archive, ole
from imports.reading.cells import Kind
from imports.reading.errors import RESAVE, UnableToRead, damaged, nothing_inside
from imports.reading.limits import Limits

_HEAD_BYTES = 4096
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"
_MARKUP = re.compile(
    rb"^(\xef\xbb\xbf)?\s*<(!doctype\s+html|html|head|body|table|meta|style)", re.I
)
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*", b"RIFF")
_SVG = re.compile(rb"^(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?<svg[\s>]", re.I)
_PACKED = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_BARE_BIFF = (
    b"\x09\x08\x10\0",
    b"\x09\x08\x08\0",
    b"\x09\x04\x06\0",
    b"\x09\x02\x06\0",
    b"\x09\0\x04\0",
)


def check(path: Path, limits: Limits) -> Kind:
    """Return what the file is. Raises UnableToRead with the cure if it cannot be taken in."""
    size = path.stat().st_size
    if size == 0:
        raise nothing_inside()
    if size > limits.file_bytes:
        raise UnableToRead(
            "file_too_large",
            f"ไฟล์ใหญ่เกิน {limits.file_bytes // (1024 * 1024):,} MB แบ่งเป็นหลายไฟล์แล้วนำเข้าทีละไฟล์",
        )
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)

    if head.startswith(b"PK\x03\x04"):
        return _check_zip(path, limits)
    if head.startswith(ole.SIGNATURE):
        return _check_compound(path)
    if head.startswith(b"PK\x05\x06"):
        raise nothing_inside()
    _refuse_other_formats(head)
    return Kind.CSV


def _check_zip(path: Path, limits: Limits) -> Kind:
    with archive.open_archive(path, limits) as opened:
        _refuse_other_zips(opened)
        archive.check_archive(opened, limits)
    return Kind.XLSX


def _refuse_other_zips(opened: zipfile.ZipFile) -> None:
    names = {info.filename.replace("\\", "/").lower() for info in opened.infolist()}
    if "mimetype" in names and _read_small(opened, "mimetype").startswith(_OPEN_DOCUMENT):
        raise UnableToRead("ods", f"ไฟล์เป็น OpenDocument (.ods) ซึ่งระบบไม่รับ {RESAVE}")
    if "xl/workbook.bin" in names:
        raise UnableToRead("xlsb", f"ไฟล์เป็น .xlsb ซึ่งระบบไม่รับ {RESAVE}")
    if any(name.endswith("vbaproject.bin") for name in names) or b"macroEnabled" in _read_small(
        opened, "[content_types].xml"
    ):
        raise UnableToRead("macro", "ไฟล์มีแมโคร (.xlsm) ซึ่งระบบไม่รับ บันทึกใหม่เป็น .xlsx แบบไม่มีแมโคร")
    if "[content_types].xml" not in names:
        raise UnableToRead("packed", "ไฟล์เป็นไฟล์บีบอัด (.zip) แตกไฟล์ออกก่อน แล้วนำเข้าเฉพาะไฟล์ตาราง")
    if not any(name.startswith("xl/") for name in names):
        raise UnableToRead("other_office", f"ไฟล์ไม่ใช่ตาราง (เช่น Word หรือ PowerPoint) {RESAVE}")


def _read_small(opened: zipfile.ZipFile, name: str) -> bytes:
    for info in opened.infolist():
        if info.filename.lower() == name:
            try:
                with opened.open(info) as stream:
                    return stream.read(_HEAD_BYTES * 16)
            except (*archive.BROKEN, RuntimeError) as error:
                raise (archive.encrypted() if info.flag_bits & 1 else damaged()) from error
    return b""


def _check_compound(path: Path) -> Kind:
    with ole.CompoundFile(path) as compound:
        if compound.names() & {"EncryptedPackage", "EncryptionInfo"}:
            raise archive.encrypted()
        for name in ("Workbook", "Book"):
            if name in compound.names():
                _refuse_password(compound.stream(name))
                return Kind.XLS
    raise UnableToRead("other_office", f"ไฟล์ไม่ใช่ตาราง (เช่น Word หรืออีเมล) {RESAVE}")


def _refuse_password(workbook: bytes) -> None:
    for number, _, _ in ole.records(workbook):
        if number == ole.FILEPASS:
            raise archive.encrypted()
        if number == ole.EOF:
            return


def _is_picture(head: bytes) -> bool:
    # A bitmap has four zeros behind its size, which no text has; a phone's photo its kind at 4.
    is_bitmap = head.startswith(b"BM") and head[6:10] == bytes(4)
    return (
        head.startswith(_PICTURES)
        or is_bitmap
        or head[4:8] == b"ftyp"
        or _SVG.match(head) is not None
    )


def _refuse_other_formats(head: bytes) -> None:
    if b"%PDF-" in head[:1024]:
        raise UnableToRead("pdf", "ไฟล์เป็น PDF ระบบอ่านเป็นตารางไม่ได้ ขอไฟล์ตาราง .xlsx จากต้นทาง")
    if _is_picture(head):
        raise UnableToRead("picture", "ไฟล์เป็นรูปภาพ ระบบอ่านเป็นตารางไม่ได้ ขอไฟล์ตาราง .xlsx จากต้นทาง")
    if head.startswith(_PACKED):
        raise UnableToRead("packed", "ไฟล์เป็นไฟล์บีบอัด แตกไฟล์ออกก่อน แล้วนำเข้าเฉพาะไฟล์ตาราง")
    if _MARKUP.match(head):
        raise UnableToRead("html", f"ไฟล์เป็นหน้าเว็บ (HTML) ที่ตั้งชื่อเป็นไฟล์ตาราง {RESAVE}")
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head or head.lstrip().startswith(
        b"<?xml"
    ):
        raise UnableToRead("xml", f"ไฟล์เป็น XML ไม่ใช่ .xlsx หรือ .csv {RESAVE}")
    if head.startswith(_BARE_BIFF):
        raise UnableToRead("old_excel", f"ไฟล์เป็น Excel รุ่นเก่ามาก {RESAVE}")
    if head.startswith(b"SQLite format 3") or b"Standard Jet DB" in head[:64]:
        raise UnableToRead("database", "ไฟล์เป็นฐานข้อมูล ส่งออกเป็น .xlsx หรือ .csv ก่อนนำเข้า")
