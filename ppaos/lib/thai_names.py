"""Compare names of persons as they are heard and mistyped, not only as they are spelled.

A pure module. `search_key` is also a generated column of the database: the steps below are
plain enough to be written in SQL, and a test holds the two against each other.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from ppaos.lib.thai_text import clean, name_key, split_full_name

# ---- the key of a search ---------------------------------------------------------------
# Letters of one sound become one letter; what is often left out (tone marks, ะ) goes.
SAME_SOUND = str.maketrans(
    "ฃฅฆฌญฎฏฐฑฒณธภศษฬใีืู",
    "ขคคชยดตทททนทพสสลไิึุ",
    "็่้๊๋์ํ๎ฺะ",
)
STEPS = (
    # รร is an, or a before the consonant that closes the syllable: วรรณา, ธรรม, บรรจง.
    (re.compile("รร(?=[กคนม]|$)"), "ั"),
    (re.compile("รร(?=[จชดตทบปพส])"), "ัน"),
    # ไชย and ชัย are one sound.
    (re.compile("ไ([ก-ฮ])ย?"), r"\1ัย"),
    (re.compile("ำ"), "ัม"),
    (re.compile("ฤ"), "ริ"),
    # ศรี is said as สี.
    (re.compile("สริ"), "สิ"),
    (re.compile(r"([ก-ฮ])\1+"), r"\1"),
)
"""Each pattern means the same to Python and to PostgreSQL."""


def search_key(text: str) -> str:
    """Return the key under which two writings of one name are found alike.

    Coarser than `name_key`: สมศักดิ์ and สมศักดิ, วรรณา and วันนา, ไชยา and ชัยยา are one.
    The key of a part of a name is, but for rare seams, a part of the key of the name.
    """
    return fold(name_key(text))


def fold(key: str) -> str:
    """Return the search key of a name key."""
    if key.isascii():
        return key
    key = key.translate(SAME_SOUND)
    for pattern, replacement in STEPS:
        key = pattern.sub(replacement, key)
    return key


# ---- the part that fits ----------------------------------------------------------------
def part_likeness(key: str, whole: str) -> float:
    """Return how like the search key `key` is to its best place in `whole`, 0–1."""
    found = fuzz.partial_ratio(key, whole) if len(key) <= len(whole) else fuzz.ratio(key, whole)
    return found / 100


def matched_span(text: str, key: str) -> tuple[int, int] | None:
    """Return where in `text`, as written, the search key `key` is: [begin, end), or None.

    `text` is a name without its title. If the key is nowhere so, where it is most alike.
    """
    whole = search_key(text)
    if key not in whole:
        near = fuzz.partial_ratio_alignment(key, whole)
        key = whole[near.dest_start : near.dest_end] if near is not None else ""
    if not key:
        return None
    begin = next((at for at in range(len(text), -1, -1) if key in search_key(text[at:])), None)
    if begin is None:
        return None
    ends = range(begin + 1, len(text) + 1)
    end = next((at for at in ends if key in search_key(text[begin:at])), len(text))
    while end < len(text) and not text[end].isspace() and not fold(text[end]):
        end += 1  # a tone mark or a silencer above the last letter
    return begin, end


# ---- likeness --------------------------------------------------------------------------
# Consonants that are written and not said: จันทร์, ลักษณ์, ศักดิ์, พงษ์.
_SILENT = re.compile("(?:ทร|ตร|ฎร|ดร|ษณ)์|[ก-ฮ][ิุ]?์")
# A title joined to the name, which also begins real names (นางลักษณ์).
_JOINED_TITLES = ("นาง", "พระครู", "พระ")
_SHORTEST_NAME = 2


class _Word(NamedTuple):
    """One name, first or last: as the search sees it, and as it is said."""

    key: str
    sound: str


class _Name(NamedTuple):
    first: _Word
    last: _Word
    joined: _Word


def likeness(a: str, b: str) -> float:
    """Return how alike two names are, 0–1; 1 is the same but for spelling of one sound.

    Titles, spaces and tone marks do not count, nor the order of first and last name.
    """
    best = 0.0
    for one in _readings(a):
        for other in _readings(b):
            best = max(best, _alike(one, other))
    return best


def same_person_name(a: str, b: str) -> bool:
    """Say whether two writings may well be one person's name: equal in sound, or mistyped.

    A slip is a letter left out, doubled or swapped in a name long enough to bear it; another
    vowel or another consonant is another name (บุญมี, บุญมา). A name without a last name
    fits every last name.
    """
    return any(_same(one, other) for one in _readings(a) for other in _readings(b))


@lru_cache(maxsize=100_000)
def _readings(text: str) -> tuple[_Name, ...]:
    """Return the name in parts, and once more without a title that may be joined to it."""
    parts = split_full_name(clean(text))
    first, last = parts.first_name, parts.last_name
    found = [_name(first, last)]
    for title in _JOINED_TITLES:
        rest = first.removeprefix(title)
        if rest != first and len(fold(name_key(rest))) >= _SHORTEST_NAME:
            found.append(_name(rest, last))
            break
    return tuple(found)


def _name(first: str, last: str) -> _Name:
    one, other = _word(first), _word(last)
    return _Name(one, other, _Word(one.key + other.key, one.sound + other.sound))


def _word(text: str) -> _Word:
    return _Word(search_key(text), search_key(_SILENT.sub("", text)))


def _alike(one: _Name, other: _Name) -> float:
    by_key = OSA.normalized_similarity(one.joined.key, other.joined.key)
    by_sound = OSA.normalized_similarity(one.joined.sound, other.joined.sound)
    return max(by_key, by_sound, _turned(one, other), _turned(other, one))


def _turned(one: _Name, other: _Name) -> float:
    """Return the likeness if one of them was written last name first."""
    return OSA.normalized_similarity(one.joined.sound, other.last.sound + other.first.sound)


def _same(one: _Name, other: _Name) -> bool:
    if not one.joined.key or not other.joined.key:
        return False
    if _is_equal(one.joined, other.joined):
        return True
    if not one.last.key or not other.last.key:
        return _is_equal(one.first, other.first)
    if _is_equal(one.first, other.last) and _is_equal(one.last, other.first):
        return True
    if _is_equal(one.first, other.first):
        return _is_slip(one.last, other.last, long=_LONG_LAST)
    if _is_equal(one.last, other.last):
        return _is_slip(one.first, other.first)
    return (
        min(len(word.sound) for word in (one.first, other.first, one.last, other.last)) >= _LONG
        and _is_slip(one.first, other.first)
        and _is_slip(one.last, other.last)
    )


def _is_equal(one: _Word, other: _Word) -> bool:
    return one.key == other.key or one.sound == other.sound


_LONG = 6
"""Letters of a name from which one slip does not make it another name."""
_LONG_LAST = 8
"""Letters of a last name from which any one letter may be wrong, if the first is equal."""
_VOWELS = frozenset("าัิึุเแโไ")
_CONFUSED = (frozenset("รล"), frozenset("ดต"), frozenset("ผพ"), frozenset("คข"))


def _is_slip(one: _Word, other: _Word, *, long: int = 0) -> bool:
    return any(
        _is_one_slip(x, y, long=long) for x, y in ((one.key, other.key), (one.sound, other.sound))
    )


def _is_one_slip(one: str, other: str, *, long: int) -> bool:
    """Say whether one letter is left out, swapped with its neighbour or taken for its like."""
    if OSA.distance(one, other, score_cutoff=1) > 1:
        return False
    shorter, longer = sorted((one, other), key=len)
    begin = _common_start(shorter, longer)
    if len(shorter) < len(longer):
        return _may_be_left_out(longer, begin)
    if shorter[begin : begin + 2] == longer[begin : begin + 2][::-1]:
        return len(longer) >= _LONG - 1
    is_last = begin == len(longer) - 1
    letters = frozenset((shorter[begin], longer[begin]))
    if len(longer) >= _LONG - 1 and not is_last and letters in _CONFUSED:
        return True
    return bool(long) and len(longer) >= long and not letters & _VOWELS


def _may_be_left_out(word: str, at: int) -> bool:
    """Say whether `word` without its letter `at` is still taken for the same name.

    A vowel at the end makes another name (จันทร์, จันทรา); ร and ล after a consonant are
    often not written (ประเสริฐ, ปะเสริฐ).
    """
    letter, is_last = word[at], at == len(word) - 1
    if letter in _VOWELS:
        return len(word) > _LONG and not is_last
    if letter in "รล" and at > 0 and not is_last and word[at - 1] not in _VOWELS:
        return len(word) >= _LONG - 1
    return len(word) > (_LONG if is_last else _LONG - 1)


def _common_start(one: str, other: str) -> int:
    length = min(len(one), len(other))
    return next((i for i in range(length) if one[i] != other[i]), length)
