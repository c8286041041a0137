"""Rules about a household's codes, people and place."""

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import Abs, Left

from households.models import Household, Member
from households.workflow import Consent, Stage
from ppaos.lib.house_code import PARENT_PROVINCES
from quality.rules.rule import Ask, Mend, Rule, Severity, Threshold

_KM_OF_A_DEGREE = 111
_FEWEST_POINTS = 5
"""So many positions in a tambon before their middle says anything."""


def _edit(field: str) -> Mend:
    return Mend("แก้ไขข้อมูลครัวเรือน", "households:edit", field)


_FILE = Mend("เปิดแฟ้มครัวเรือน", "casework:case-file")


def temporary_code(ask: Ask) -> "QuerySet[Household]":
    return ask.households().filter(temporary_code__isnull=False)


def code_of_elsewhere(ask: Ask) -> "QuerySet[Household]":
    """Fit where the registrar's province is not the household's, nor the one it came out of."""
    older = Q()
    for province, parent in PARENT_PROVINCES.items():
        older |= Q(province_code=province, house_code__startswith=parent)
    return (
        ask.households()
        .filter(house_code__isnull=False)
        .exclude(province_code=Left("house_code", 2))
        .exclude(older)
    )


def without_people(ask: Ask) -> "QuerySet[Household]":
    return ask.households().filter(
        ~Exists(Member.objects.present().filter(household=OuterRef("pk")))
    )


def without_head(ask: Ask) -> "QuerySet[Household]":
    here = Member.objects.present().filter(household=OuterRef("pk"))
    return ask.households().filter(Exists(here), ~Exists(here.filter(is_head=True)))


def without_position(ask: Ask) -> "QuerySet[Household]":
    followed = [Stage.VERIFIED_POOR, Stage.IN_HELP]
    return ask.households().filter(lat__isnull=True, stage__in=followed)


def same_point(ask: Ask) -> "QuerySet[Household]":
    """Fit those of a point at which many stand: the district office, most often."""
    crowded = (
        Household.objects.filter(ask.beside(), lat__isnull=False)
        .annotate(here=Window(Count("pk"), partition_by=[F("lat"), F("lon")]))
        .filter(here__gte=ask.threshold)
    )
    return ask.households().filter(pk__in=crowded.values("pk"))


def far_from_tambon(ask: Ask) -> "QuerySet[Household]":
    """Fit whose point is further from the middle of the tambon's points than a tambon is wide."""
    tambon = [F("subdistrict_code")]
    far = (
        Household.objects.filter(ask.beside(), lat__isnull=False)
        .annotate(
            points=Window(Count("pk"), partition_by=tambon),
            north=Abs(F("lat") - Window(Avg("lat"), partition_by=tambon)),
            east=Abs(F("lon") - Window(Avg("lon"), partition_by=tambon)),
        )
        .filter(points__gte=_FEWEST_POINTS)
    )
    limit = ask.threshold / _KM_OF_A_DEGREE
    beyond = far.filter(Q(north__gt=limit) | Q(east__gt=limit))
    return ask.households().filter(pk__in=beyond.values("pk"))


def consent_not_asked(ask: Ask) -> "QuerySet[Household]":
    visited = [Stage.VERIFIED_POOR, Stage.IN_HELP]
    return ask.households().filter(consent=Consent.NOT_ASKED, stage__in=visited)


HOMES = (
    Rule(
        code="temporary-code",
        title="ยังใช้รหัสบ้านชั่วคราว",
        why="จับคู่กับบัญชี TPMAP และ จปฐ. ปีหน้าไม่ได้จนกว่าจะได้รหัสบ้านจากทะเบียน",
        severity=Severity.MINOR,
        mend=_FILE,
        find=temporary_code,
    ),
    Rule(
        code="code-of-elsewhere",
        title="รหัสบ้านเป็นของจังหวัดอื่น",
        why="รหัสบ้านหรือพื้นที่อย่างใดอย่างหนึ่งผิด",
        severity=Severity.SERIOUS,
        mend=_edit("subdistrict"),
        find=code_of_elsewhere,
    ),
    Rule(
        code="no-people",
        title="ไม่มีสมาชิกเลย",
        why="ประเมินและช่วยเหลือไม่ได้เพราะไม่รู้ว่าใครอยู่ในบ้าน",
        severity=Severity.SERIOUS,
        mend=Mend("เพิ่มสมาชิก", "households:member-add", "first_name"),
        find=without_people,
    ),
    Rule(
        code="no-head",
        title="ไม่มีหัวหน้าครัวเรือน",
        why="เอกสาร หนังสือส่งต่อ และรายชื่อเรียกตามหัวหน้าครัวเรือน",
        severity=Severity.SERIOUS,
        mend=Mend("เลือกหัวหน้าครัวเรือน", "households:member-edit", "is_head", of_member=True),
        find=without_head,
    ),
    Rule(
        code="no-position",
        title="เป้าหมายที่ยังไม่มีพิกัด",
        why="วางเส้นทางเยี่ยมและแสดงบนแผนที่ไม่ได้",
        severity=Severity.MINOR,
        mend=_edit("lat"),
        find=without_position,
    ),
    Rule(
        code="same-point",
        title="หลายครัวเรือนอยู่พิกัดเดียวกัน",
        why="มักเป็นพิกัดของที่ว่าการอำเภอหรือจุดที่นั่งกรอก ไม่ใช่พิกัดบ้าน",
        severity=Severity.SERIOUS,
        mend=_edit("lat"),
        find=same_point,
        compares=True,
        threshold=Threshold("ตั้งแต่", 5, "ครัวเรือนต่อจุด", 2, 500),
    ),
    Rule(
        code="far-from-tambon",
        title="พิกัดห่างจากครัวเรือนอื่นในตำบลมาก",
        why="พิกัดน่าจะอยู่นอกตำบล ปักหมุดผิดหรือสลับละติจูดกับลองจิจูด",
        severity=Severity.SERIOUS,
        mend=_edit("lat"),
        find=far_from_tambon,
        compares=True,
        threshold=Threshold("ห่างจากกลางตำบลเกิน", 20, "กิโลเมตร", 2, 200),
    ),
    Rule(
        code="consent-not-asked",
        title="เป้าหมายที่ยังไม่ได้ขอความยินยอม",
        why="ต้องแจ้งการใช้ข้อมูลและบันทึกคำตอบก่อนส่งข้อมูลให้หน่วยงาน",
        severity=Severity.SERIOUS,
        mend=_edit("consent_0"),
        find=consent_not_asked,
    ),
)
