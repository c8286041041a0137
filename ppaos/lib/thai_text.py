"""Repair, split and compare Thai text as people and programs really write it.

A pure module. Never NFKC: it takes SARA AM (U+0E33) apart into NIKHAHIT and SARA AA.
"""

import re
import unicodedata
from typing import NamedTuple

_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙０１２３４５６７８９", "01234567890123456789")

# Format and control characters are never seen and never meant; line ends and tabs are spaces.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]+"
)
_SPACES = re.compile(r"\s+")
_TONES = "\u0e48-\u0e4b"  # ่ ้ ๊ ๋
_MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"  # everything that stands above or below a consonant
_REPAIRS = (
    # A line break inside a cell leaves a space before a mark; no mark begins a word.
    (re.compile(f" +(?=[{_MARKS}ำ])"), ""),
    # A PDF's text layer loses the circle of ำ and leaves a space: "ต าบล", "น้ า".
    (re.compile(f"(?<=[ก-ฮ{_TONES}]) +า"), "ำ"),
    # SARA AM typed as its two halves, with or without a tone mark in any order.
    (re.compile(f"ํ([{_TONES}])า"), r"\1ำ"),
    (re.compile("ํา"), "ำ"),
    # Tone mark or thanthakhat typed before the vowel it stands above.
    (re.compile(f"([{_TONES}\u0e4c])([\u0e31\u0e34-\u0e3a])"), r"\2\1"),
    # Two SARA E look like one SARA AE.
    (re.compile("เเ"), "แ"),
)
# One look that tells whether anything above can apply; most cells pass it.
_SUSPECT = re.compile(
    f"^\\s|\\s$|\\s\\s|[^\\S ]| [{_MARKS}าำ]|ํ|เเ|[{_TONES}\u0e4c][\u0e31\u0e34-\u0e3a]|"
    + _INVISIBLE.pattern
)


def to_ascii_digits(text: str) -> str:
    """Return `text` with Thai and full-width digits as 0–9; nothing else changes."""
    return text if text.isascii() else text.translate(_DIGITS)


def clean(text: str) -> str:
    """Return `text` in NFC with the known damage of Thai text repaired and spaces collapsed.

    Repairs: invisible characters, non-breaking and repeated spaces, spaces before marks,
    SARA AM in two halves, tone mark before vowel, double SARA E. Cleaning twice changes nothing.
    """
    if not _SUSPECT.search(text) and unicodedata.is_normalized("NFC", text):
        return text
    while (repaired := _repair(text)) != text:
        text = repaired
    return text


def _repair(text: str) -> str:
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    text = _SPACES.sub(" ", text).strip()
    for pattern, replacement in _REPAIRS:
        text = pattern.sub(replacement, text)
    return text


def _abbreviation(*letters: str) -> str:
    """Pattern of an abbreviation: with its dots, or bare before a space or the end.

    Bare letters that run on are part of a name: "ดช" of "ดชา" is no title.
    """
    dotted = r"\.\s?".join(letters) + r"(?:\.|(?=[\s]|$))"
    bare = "".join(letters) + r"(?:\.|(?=[\s]|$))"
    return f"{dotted}|{bare}"


# A word that can also begin a name counts as a title only before a space or the end.
_APART = r"(?=\s|$)"
_LETTERED = r"(?=\s?[ก-ฮเ-ไ])"
# Joined to the name, a title is followed by a letter that can begin a word.
_JOINED = r"(?=\s|$|[ก-ฮเ-ไA-Za-z(])"

_RANKS = {
    "จ่าสิบเอก": _abbreviation("จ", "ส", "อ"),
    "จ่าสิบโท": _abbreviation("จ", "ส", "ท"),
    "จ่าสิบตรี": _abbreviation("จ", "ส", "ต"),
    "พันตำรวจเอก": _abbreviation("พ", "ต", "อ"),
    "พันตำรวจโท": _abbreviation("พ", "ต", "ท"),
    "พันตำรวจตรี": _abbreviation("พ", "ต", "ต"),
    "ร้อยตำรวจเอก": _abbreviation("ร", "ต", "อ"),
    "ร้อยตำรวจโท": _abbreviation("ร", "ต", "ท"),
    "ร้อยตำรวจตรี": _abbreviation("ร", "ต", "ต"),
    "สิบตำรวจเอก": _abbreviation("ส", "ต", "อ"),
    "สิบตำรวจโท": _abbreviation("ส", "ต", "ท"),
    "สิบตำรวจตรี": _abbreviation("ส", "ต", "ต"),
    "ดาบตำรวจ": _abbreviation("ด", "ต"),
    "พันเอก": _abbreviation("พ", "อ"),
    "พันโท": _abbreviation("พ", "ท"),
    "พันตรี": _abbreviation("พ", "ต"),
    "ร้อยเอก": _abbreviation("ร", "อ"),
    "ร้อยโท": _abbreviation("ร", "ท"),
    "ร้อยตรี": _abbreviation("ร", "ต"),
    "สิบเอก": _abbreviation("ส", "อ"),
    "สิบโท": _abbreviation("ส", "ท"),
    "สิบตรี": _abbreviation("ส", "ต"),
}

# Long form → how it is written; the longer one stands before the one that it begins with.
# Main forms as on registration papers; ranks and religious titles from common usage.
_TITLES = {
    "นางสาว": rf"นาง\s?สาว{_JOINED}|{_abbreviation('น', 'ส')}",
    "นายแพทย์": rf"นายแพทย์{_JOINED}|{_abbreviation('น', 'พ')}",
    "แพทย์หญิง": rf"แพทย์หญิง{_JOINED}|{_abbreviation('พ', 'ญ')}",
    "นาย": rf"นาย{_JOINED}",
    "นาง": rf"นาง{_APART}",
    "เด็กชาย": rf"เด็ก\s?ชาย{_JOINED}|{_abbreviation('ด', 'ช')}",
    "เด็กหญิง": rf"เด็ก\s?หญิง{_JOINED}|{_abbreviation('ด', 'ญ')}",
    "พระครู": rf"พระครู{_APART}",
    "พระ": rf"พระ{_APART}",
    "สามเณร": rf"สามเณร{_JOINED}",
    "แม่ชี": rf"แม่ชี{_JOINED}",
    "หม่อมราชวงศ์": rf"หม่อมราชวงศ์{_JOINED}|{_abbreviation('ม', 'ร', 'ว')}",
    "หม่อมหลวง": rf"หม่อมหลวง{_JOINED}|{_abbreviation('ม', 'ล')}",
    "ผู้ช่วยศาสตราจารย์": rf"ผู้ช่วยศาสตราจารย์{_JOINED}|ผศ\.",
    "รองศาสตราจารย์": rf"รองศาสตราจารย์{_JOINED}|รศ\.",
    "ดร.": rf"ด็อกเตอร์{_JOINED}|ดร\.|ดร{_APART}",
    "Mrs.": r"(?i:mrs\b\.?)",
    "Miss": r"(?i:miss\b\.?)",
    "Mr.": r"(?i:mr\b\.?)",
    "Ms.": r"(?i:ms\b\.?)",
} | {
    f"{acting}{long}{woman}": f"{acting_pattern}(?:{long}{joined}|{short}){woman_pattern}"
    for acting, acting_pattern in (("ว่าที่", r"ว่าที่\s?"), ("", ""))
    for long, short in _RANKS.items()
    # A woman's rank ends in หญิง, joined to it; apart from it หญิง is a name.
    for woman, joined, woman_pattern in (("หญิง", "", rf"หญิง{_LETTERED}"), ("", _JOINED, ""))
}
_TITLE = re.compile(
    "|".join(f"(?P<t{number}>{pattern})" for number, pattern in enumerate(_TITLES.values()))
)
_LONG_TITLES = tuple(_TITLES)

# "ผศ.ดร.สมศรี": an academic rank may stand before the degree.
_BEFORE_DEGREES = frozenset({"ผู้ช่วยศาสตราจารย์", "รองศาสตราจารย์"})
_DEGREE = re.compile(_TITLES["ดร."])

MALE_TITLES = frozenset({"นาย", "เด็กชาย", "นายแพทย์", "พระ", "พระครู", "สามเณร", "Mr."})
FEMALE_TITLES = frozenset({"นางสาว", "นาง", "เด็กหญิง", "แพทย์หญิง", "แม่ชี", "Mrs.", "Miss", "Ms."})
CHILD_TITLES = frozenset({"เด็กชาย", "เด็กหญิง"})
"""Borne until the fifteenth birthday."""


def split_title(text: str, *, known_title: str | None = None) -> tuple[str | None, str]:
    """Return the title in its long form, or None, and the rest of the name.

    "นาง" and "พระ" begin real names too (นางลักษณ์), so they are taken off only before a
    space, or when `known_title`, the long form from another column, says the same.
    A title alone returns an empty rest.
    """
    text = clean(text)
    found = _TITLE.match(text)
    if found is not None and found.lastgroup is not None:
        title, rest = _LONG_TITLES[int(found.lastgroup[1:])], text[found.end() :].strip()
        degree = _DEGREE.match(rest) if title in _BEFORE_DEGREES else None
        return (f"{title} ดร.", rest[degree.end() :].strip()) if degree else (title, rest)
    if known_title and text.startswith(known_title) and len(text) > len(known_title):
        return known_title, text[len(known_title) :].strip()
    return None, text


class FullName(NamedTuple):
    """A person's name in parts. `last_name` is empty if only one word was written."""

    title: str | None
    first_name: str
    last_name: str


def split_full_name(text: str, *, known_title: str | None = None) -> FullName:
    """Split "title first last": one word is the first name, all others are the last name.

    A last name may have several words (ณ อยุธยา).
    """
    title, rest = split_title(text, known_title=known_title)
    first_name, _, last_name = rest.partition(" ")
    return FullName(title, first_name, last_name)


_REPEATED_MARK = re.compile(f"([{_MARKS}])\\1+")


def name_key(text: str) -> str:
    """Return the key under which two writings of one name are equal; empty for no letters.

    Without title, spaces, dots and case; marks that are typed twice count once. Different
    spellings (รร, การันต์) stay different: those are suggestions for a person to judge.
    """
    title, rest = split_title(to_ascii_digits(text))
    key = _key_characters(rest)
    return key if key or title is None else _key_characters(clean(text))


# Letters, digits and Thai marks stay; spaces, dots and signs go.
_NOT_IN_KEY = re.compile(f"[^\\w{_MARKS}]+|_+")


def _key_characters(text: str) -> str:
    return _NOT_IN_KEY.sub("", _REPEATED_MARK.sub(r"\1", text.casefold()))


_LEADING_VOWEL = re.compile("([เแโใไ])([ก-ฮ])")
_SECONDARY = re.compile("[็-๎]")


def sort_key(text: str) -> str:
    """Return a key that sorts Thai as a dictionary does (Royal Institute).

    A vowel written before its consonant counts after it; tone marks and silencers
    only decide between words that are otherwise equal.
    """
    text = _LEADING_VOWEL.sub(r"\2\1", clean(text).casefold())
    return _SECONDARY.sub("", text) + "\0" + text


_AREA_PREFIXES = {
    "PROVINCE": re.compile(r"^(?:จังหวัด|จ\.)\s*"),
    "DISTRICT": re.compile(r"^(?:กิ่ง\s?อำเภอ|กิ่ง\s?อ\.|อำเภอ|อ\.|เขต)\s*"),
    "SUBDISTRICT": re.compile(r"^(?:ตำบล|ต\.|แขวง)\s*"),
    "VILLAGE": re.compile(r"^(?:หมู่บ้าน|บ้าน|บ\.)\s*"),
}
_ANY_AREA_PREFIX = re.compile(
    r"^(?:จังหวัด|จ\.|กิ่ง\s?อำเภอ|กิ่ง\s?อ\.|อำเภอ|อ\.|เขต|ตำบล|ต\.|แขวง|บ\.)\s*"
)


def strip_area_prefix(text: str, level: str = "") -> str:
    """Return a place name without the word for its level.

    `level` is PROVINCE, DISTRICT, SUBDISTRICT or VILLAGE; without it any of the words
    goes except "บ้าน", which begins the names of real districts and subdistricts
    (บ้านเหลื่อม). A name that would be empty without the prefix is kept whole.
    """
    text = clean(text)
    pattern = _AREA_PREFIXES[level] if level else _ANY_AREA_PREFIX
    return pattern.sub("", text) or text


def area_key(text: str, level: str = "") -> str:
    """Return the key under which two writings of one place name are equal."""
    return _key_characters(to_ascii_digits(strip_area_prefix(text, level)))
