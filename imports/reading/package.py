"""Where the parts of an .xlsx stand, read from its own small parts with expat."""

import posixpath
import zipfile
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from xml.parsers import expat

from imports.reading.archive import BROKEN
from imports.reading.errors import UnableToRead, damaged
from imports.reading.limits import Limits

Attributes = dict[str, str]
_BLOCK_BYTES = 1024 * 1024
_SMALL_PART_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Sheet:
    name: str
    hidden: bool
    part: str


@dataclass(frozen=True)
class Package:
    sheets: list[Sheet]
    strings: str | None
    styles: str | None
    starts_1904: bool


def local(name: str) -> str:
    """Drop the namespace prefix: some programs write x:row for row."""
    return name.rpartition(":")[2]


def blocks(archive: zipfile.ZipFile, part: str) -> Generator[bytes, None, None]:
    """Yield the unpacked bytes of a part, checked against the size and sum it declares."""
    try:
        with archive.open(part) as stream:
            while block := stream.read(_BLOCK_BYTES):
                yield block
    except (*BROKEN, KeyError, RuntimeError) as error:
        raise damaged() from error


def new_parser() -> expat.XMLParserType:
    """Return an expat parser that follows no entity and refuses a document type."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    return parser


def feed(parser: expat.XMLParserType, pieces: Iterable[bytes], *, is_last: bool = True) -> None:
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        if is_last:
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise damaged() from error


def open_package(archive: zipfile.ZipFile, limits: Limits) -> Package:
    """Read the table of sheets. Raises UnableToRead if the workbook part is not to be found."""
    names = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
    workbook = _target(_relations(archive, names, ""), "/officeDocument") or "xl/workbook.xml"
    relations = _relations(archive, names, workbook)
    found: list[tuple[str, str, str]] = []
    starts_1904 = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal starts_1904
        if local(name) == "sheet":
            relation = next((v for k, v in attributes.items() if local(k) == "id" and ":" in k), "")
            found.append((attributes.get("name", ""), attributes.get("state", "visible"), relation))
        elif local(name) == "workbookPr":
            starts_1904 = attributes.get("date1904", "0") in ("1", "true")

    _parse_small(archive, names, workbook, start)
    sheets = [
        Sheet(name=name, hidden=state != "visible", part=_real(names, relations[relation][1]))
        for name, state, relation in found
        if relation in relations and relations[relation][0].endswith("/worksheet")
    ]
    if not sheets or len({sheet.name for sheet in sheets}) != len(sheets):
        raise damaged()
    strings = _target(relations, "/sharedStrings")
    styles = _target(relations, "/styles")
    package = Package(
        sheets=sheets,
        strings=names.get(strings.lower()) if strings else None,
        styles=names.get(styles.lower()) if styles else None,
        starts_1904=starts_1904,
    )
    _check_strings_size(archive, package, limits)
    return package


def _check_strings_size(archive: zipfile.ZipFile, package: Package, limits: Limits) -> None:
    if package.strings is None:
        return
    if archive.getinfo(package.strings).file_size > limits.shared_strings_bytes:
        raise UnableToRead(
            "too_much_text", "ไฟล์มีข้อความรวมกันมากเกินกำหนด แบ่งเป็นหลายไฟล์ หรือบันทึกเป็น .csv"
        )


def _relations(
    archive: zipfile.ZipFile, names: dict[str, str], owner: str
) -> dict[str, tuple[str, str]]:
    """Return {relation id: (type, part)} of one part; of the whole package for "".

    Targets outside the file are left out: no link is ever followed.
    """
    folder, name = posixpath.split(owner)
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: Attributes) -> None:
        if local(tag) == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(
                posixpath.join("/" + folder, attributes.get("Target", "").replace("\\", "/"))
            )
            found[attributes.get("Id", "")] = (attributes.get("Type", ""), target.lstrip("/"))

    _parse_small(archive, names, posixpath.join(folder, "_rels", f"{name}.rels"), start)
    return found


def _target(relations: dict[str, tuple[str, str]], kind: str) -> str | None:
    return next((part for type_, part in relations.values() if type_.endswith(kind)), None)


def _real(names: dict[str, str], part: str) -> str:
    if part.lower() not in names:
        raise damaged()
    return names[part.lower()]


def _parse_small(
    archive: zipfile.ZipFile,
    names: dict[str, str],
    part: str,
    start: Callable[[str, Attributes], None],
) -> None:
    real = _real(names, part)
    if archive.getinfo(real).file_size > _SMALL_PART_BYTES:
        raise damaged()
    parser = new_parser()
    parser.StartElementHandler = start
    feed(parser, blocks(archive, real))


def _refuse_document_type(*_: object) -> None:
    raise UnableToRead("document_type", "ไฟล์มีส่วนประกาศเอกสารที่ไม่ปลอดภัย (DTD) บันทึกใหม่เป็น .xlsx")
