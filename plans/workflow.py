"""What a household plan chooses from: the character of the support, its ways, the step.

The labels follow the practice of the province's teams; the prospects are a project default.
"""

from households.workflow import Stage
from ppaos.lib.labelled import LabelledEnum


class Support(LabelledEnum):
    """What kind of support this is, of three."""

    COMMUNITY = "community", "พัฒนาหมู่บ้านหรือชุมชนในภาพรวม"
    HOUSEHOLD = "household", "พัฒนาครัวเรือน"
    RELIEF = "relief", "การสงเคราะห์"


class Way(LabelledEnum):
    """By what a household is developed; only with Support.HOUSEHOLD."""

    INPUTS = "inputs", "ปัจจัยการผลิต"
    ABILITY = "ability", "ศักยภาพร่างกายและฝีมือ"
    BUSINESS = "business", "ความร่วมมือกับธุรกิจเอกชน"
    FUND = "fund", "กองทุนชุมชน"


class Step(LabelledEnum):
    """The ladder of development: each stands on the one before."""

    SELF_RELIANT = "1", "ขั้นที่ 1 พึ่งตนเอง มีความมั่นคงทางอาหาร"
    EARNING = "2", "ขั้นที่ 2 สร้างรายได้"
    STANDARD = "3", "ขั้นที่ 3 สร้างมูลค่าและมาตรฐาน"


class Prospect(LabelledEnum):
    CAN_DEVELOP = "can_develop", "พัฒนาได้"
    WITH_HELP = "with_help", "พัฒนาได้โดยมีเงื่อนไข (ต้องช่วยเหลือควบคู่)"
    NEEDS_RELIEF = "needs_relief", "ต้องสงเคราะห์"
    NOT_WANTED = "not_wanted", "พ้นเป้าหมายหรือไม่ประสงค์รับ"


# Stages in which a household can be planned for: somebody found it poor.
PLANNED: frozenset[Stage] = frozenset({Stage.VERIFIED_POOR, Stage.IN_HELP})
