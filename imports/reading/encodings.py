"""Which encoding a text file is written in: BOM, then strict UTF-8, then UTF-16, then CP874.

CP874 covers TIS-620 and ISO-8859-11 too, and Windows programs add its “ ” – … and no-break space.
"""

import codecs
import re
from pathlib import Path

from imports.reading.errors import UnableToRead, nul_character

_BLOCK_BYTES = 1024 * 1024
_SAMPLE_BYTES = 4096
_CHECKED_CHARACTERS = 1_000_000
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x19\x1b-\x1f]")
_THAI = re.compile("[ก-ฺเ-๛]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# What UTF-8 bytes of Thai letters (E0 B8 xx, E0 B9 xx) look like when taken for CP1252 or CP874.
_TWICE_ENCODED = re.compile("à¸|à¹|เธ.|เน.", re.DOTALL)
_FEW = 20


ENCODINGS = ("utf-8", "cp874", "utf-16-le", "utf-16-be")
"""What somebody may choose. A mark at the start of the file is never read as text."""


def detect_encoding(path: Path, chosen: str = "") -> str:
    """Return a Python codec name: the chosen one, or what the ladder finds.

    Raises UnableToRead if the text is garbled or is no text.
    """
    with path.open("rb") as stream:
        head = stream.read(_SAMPLE_BYTES)
    encoding = without_mark(head, chosen) if chosen else _by_mark(head) or _by_pattern(head)
    if encoding is None:
        encoding = "utf-8" if _decodes(path, "utf-8") else "cp874"
    if (chosen or encoding != "utf-8") and not _decodes(path, encoding):
        raise _unknown()
    _check_readable(path, encoding)
    return encoding


def without_mark(head: bytes, chosen: str) -> str:
    """Return the codec that reads the chosen encoding without the mark it may start with."""
    if chosen == "utf-8" and head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    marks = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
    return "utf-16" if chosen in marks and head.startswith(marks[chosen]) else chosen


def _by_mark(head: bytes) -> str | None:
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise _unknown()
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return None


def _by_pattern(head: bytes) -> str | None:
    """Recognise UTF-16 without a mark: every other byte is 00 (Latin) or 0E (Thai)."""
    half = len(head) // 2
    if half < 2:
        return None
    for encoding, high in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        if high.count(0x00) + high.count(0x0E) > 0.9 * half:
            return encoding
    return None


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with path.open("rb") as stream:
        try:
            while block := stream.read(_BLOCK_BYTES):
                decoder.decode(block)
            decoder.decode(b"", True)
        except UnicodeDecodeError:
            return False
    return True


def _check_readable(path: Path, encoding: str) -> None:
    with path.open(encoding=encoding, newline="") as stream:
        _check_text(stream.read(_CHECKED_CHARACTERS))


def decode_start(start: bytes, chosen: str = "") -> tuple[str, str]:
    """Return the codec and the text of a file's first bytes, which may end inside a character.

    Raises UnableToRead if they are no text in this encoding, or garbled.
    """
    encoding = without_mark(start, chosen) if chosen else _by_mark(start) or _by_pattern(start)
    for each in [encoding] if encoding else ["utf-8", "cp874"]:
        try:
            text = codecs.getincrementaldecoder(each)("strict").decode(start)
        except UnicodeDecodeError:
            continue
        _check_text(text)
        return each, text
    raise _unknown()


def _check_text(text: str) -> None:
    if "\0" in text:
        raise nul_character(text.count("\n", 0, text.index("\0")) + 1)
    if _CONTROLS.search(text):
        raise UnableToRead(
            "not_a_table", "ไฟล์ไม่ใช่ตารางที่ระบบรู้จัก ใช้ไฟล์ .xlsx หรือ .csv (UTF-8) จากระบบต้นทาง"
        )
    foreign = len(_NOT_ASCII.findall(text))
    if foreign < _FEW:
        return
    thai = len(_THAI.findall(text))
    twice = sum(map(len, _TWICE_ENCODED.findall(text)))
    if thai < foreign / 2 or twice > foreign * 0.6:
        raise _garbled()


def _unknown() -> UnableToRead:
    return UnableToRead(
        "unknown_encoding",
        "อ่านตัวอักษรในไฟล์ไม่ได้ (รหัสภาษาปนกันหรือไม่รู้จัก) เปิดด้วย Excel แล้วบันทึกเป็น CSV UTF-8 หรือ .xlsx",
    )


def _garbled() -> UnableToRead:
    return UnableToRead(
        "garbled_text",
        "ตัวอักษรไทยในไฟล์เพี้ยนมาแล้วจากการแปลงรหัสผิด ขอไฟล์ใหม่จากต้นทางเป็น CSV UTF-8 หรือ .xlsx",
    )
