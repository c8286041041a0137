"""Indicator results as bit masks: one row per subject and year instead of 31 or 38."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from problems.rules.dimensions import DIMENSIONS, Dimension

MAX_NUMBER = 63  # a PostgreSQL bigint has 63 bits to use


class InvalidIndicator(Exception):
    """The text is neither passed, failed, not concerned, nor blank. Shown to the user."""


@dataclass(frozen=True, slots=True)
class PackedResults:
    """Bit n−1 stands for indicator n. A bit may be passed only where it is known.

    Not known covers both "not concerned" (`-`) and "not asked" (blank): neither passes
    and neither fails.
    """

    known_bits: int = 0
    passed_bits: int = 0

    @property
    def failed_bits(self) -> int:
        return self.known_bits & ~self.passed_bits


class DimensionBits(NamedTuple):
    """Five-bit masks in the order of `DIMENSIONS`; a bit may be failed only where known."""

    known: int
    failed: int


_READINGS: dict[str, bool | None] = {"1": True, "0": False, "-": None, "": None}


def read_indicator(text: str) -> bool | None:
    """Read `1` passed, `0` failed, `-` not concerned, blank not asked (the last two None).

    Source: value codes of the จปฐ. 2560–2564 data set. Raises InvalidIndicator otherwise.
    """
    try:
        return _READINGS[text.strip()]
    except KeyError:
        raise InvalidIndicator(f"ค่าตัวชี้วัดต้องเป็น 1, 0, - หรือว่าง แต่พบ “{text}”") from None


def pack(results: Mapping[int, bool | None]) -> PackedResults:
    """Pack results keyed by indicator number (1 to 63)."""
    known = passed = 0
    for number, result in results.items():
        if not 1 <= number <= MAX_NUMBER:
            raise InvalidIndicator(f"ไม่มีตัวชี้วัดที่ {number}")
        if result is not None:
            known |= 1 << (number - 1)
            passed |= int(result) << (number - 1)
    return PackedResults(known, passed)


def unpack(packed: PackedResults, *, size: int) -> dict[int, bool | None]:
    """Return every indicator 1…size: True passed, False failed, None not known."""
    return {
        number: bool(packed.passed_bits >> (number - 1) & 1)
        if packed.known_bits >> (number - 1) & 1
        else None
        for number in range(1, size + 1)
    }


def dimension_results(packed: PackedResults, dimensions: Mapping[int, Dimension]) -> DimensionBits:
    """Derive the dimensions from the indicators that count in them.

    A dimension is known when at least one of its indicators is, and failed when at least
    one fails. Source: ศจพ. glossary (NESDC), "ตกเกณฑ์ MPI ในมิติใดมิติหนึ่ง".
    """
    known = failed = 0
    for number, dimension in dimensions.items():
        bit = 1 << (number - 1)
        if packed.known_bits & bit:
            known |= dimension.bit
        if packed.failed_bits & bit:
            failed |= dimension.bit
    return DimensionBits(known, failed)


def failed_dimensions(
    packed: PackedResults, dimensions: Mapping[int, Dimension]
) -> frozenset[Dimension]:
    return unpack_dimensions(dimension_results(packed, dimensions).failed)


def pack_dimensions(flags: Mapping[Dimension, bool | None]) -> DimensionBits:
    """Pack the dimension columns of a file: True fails, False does not, None not said."""
    known = failed = 0
    for dimension, is_failed in flags.items():
        if is_failed is not None:
            known |= dimension.bit
            failed |= dimension.bit * int(is_failed)
    return DimensionBits(known, failed)


def unpack_dimensions(bits: int) -> frozenset[Dimension]:
    return frozenset(dimension for dimension in DIMENSIONS if bits & dimension.bit)


def merge(results: Iterable[DimensionBits]) -> DimensionBits:
    """Join masks of several subjects or sources: known or failed anywhere counts."""
    known = failed = 0
    for result in results:
        known |= result.known
        failed |= result.failed
    return DimensionBits(known, failed)
