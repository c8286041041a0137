"""Repair, split and compare Thai text as people and programs really write it.

A pure module. Never NFKC: it takes SARA AM (U+0E33) apart into NIKHAHIT and SARA AA.
"""

_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙０１２３４５６７８９", "01234567890123456789")


def to_ascii_digits(text: str) -> str:
    """Return `text` with Thai and full-width digits as 0–9; nothing else changes."""
    return text if text.isascii() else text.translate(_DIGITS)
