"""The five problem dimensions that TPMAP uses."""

from enum import StrEnum


class Dimension(StrEnum):
    """One of the five. The order of definition is the order of radars and of bit masks."""

    HEALTH = "health"
    LIVING = "living"
    EDUCATION = "education"
    INCOME = "income"
    ACCESSIBILITY = "accessibility"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def bit(self) -> int:
        """The dimension's value in a mask: health 1, living 2, … accessibility 16."""
        return 1 << DIMENSIONS.index(self)


DIMENSIONS: tuple[Dimension, ...] = tuple(Dimension)

_LABELS = {
    Dimension.HEALTH: "ด้านสุขภาพ",
    Dimension.LIVING: "ด้านความเป็นอยู่",
    Dimension.EDUCATION: "ด้านการศึกษา",
    Dimension.INCOME: "ด้านรายได้",
    Dimension.ACCESSIBILITY: "ด้านการเข้าถึงบริการภาครัฐ",
}
