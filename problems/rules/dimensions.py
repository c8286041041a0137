"""The five problem dimensions that TPMAP uses."""

from ppaos.lib.labelled import LabelledEnum


class Dimension(LabelledEnum):
    """One of the five. The order of definition is the order of radars and of bit masks."""

    HEALTH = "health", "ด้านสุขภาพ"
    LIVING = "living", "ด้านความเป็นอยู่"
    EDUCATION = "education", "ด้านการศึกษา"
    INCOME = "income", "ด้านรายได้"
    ACCESSIBILITY = "accessibility", "ด้านการเข้าถึงบริการภาครัฐ"

    @property
    def bit(self) -> int:
        """The dimension's value in a mask: health 1, living 2, … accessibility 16."""
        return _BITS[self]


DIMENSIONS: tuple[Dimension, ...] = tuple(Dimension)
_BITS = {dimension: 1 << place for place, dimension in enumerate(DIMENSIONS)}
