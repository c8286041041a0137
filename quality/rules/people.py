"""Rules about members."""

from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value, Window
from django.db.models.functions import Coalesce, ExtractYear

from areas.querysets import within
from households.models import Member, SourceListing
from households.workflow import Sex
from ppaos.lib.buddhist_era import OFFSET
from quality.rules.rule import Ask, Mend, Rule, Severity, Threshold

_MALE, _FEMALE = ("นาย", "ด.ช.", "เด็กชาย"), ("นาง", "นางสาว", "น.ส.", "ด.ญ.", "เด็กหญิง")
_CHILD = ("ด.ช.", "เด็กชาย", "ด.ญ.", "เด็กหญิง")
_FEWEST_BIRTHS = 10
"""So many known birth dates in a village before their shape says anything."""


def _born(members: "QuerySet[Member]") -> "QuerySet[Any]":
    """Add `born`, the year (ค.ศ.) of birth; a birth date says it where no year stands."""
    return members.alias(born=Coalesce("birth_year", ExtractYear("birth_date")))


def _edit(field: str) -> Mend:
    return Mend("แก้ไขข้อมูลบุคคล", "households:member-edit", field, of_member=True)


def without_id(ask: Ask) -> "QuerySet[Member]":
    return ask.members().filter(citizen_id_index__isnull=True, no_id_reason="")


def without_birth(ask: Ask) -> "QuerySet[Member]":
    return ask.members().filter(birth_date__isnull=True, birth_year__isnull=True)


def too_old(ask: Ask) -> "QuerySet[Member]":
    return _born(ask.members()).filter(born__lt=ask.today.year - ask.threshold)


def born_late(ask: Ask) -> "QuerySet[Member]":
    """Fit who was born after a list already named them, or is not born yet."""
    born = Coalesce("member__birth_year", ExtractYear("member__birth_date"))
    listed = SourceListing.objects.filter(
        within(ask.areas, column="household__area_id"), member__isnull=False
    ).filter(year_be__lt=born + Value(OFFSET))
    not_yet = Q(birth_date__gt=ask.today) | Q(born__gt=ask.today.year)
    return _born(ask.members()).filter(not_yet | Q(pk__in=listed.values("member")))


def twice(ask: Ask) -> "QuerySet[Member]":
    """Fit who shares name and birth date with somebody else of the province."""
    everybody = (
        Member.objects.present()
        .filter(
            within([ask.province], column="household__area_id"),
            household__merged_into__isnull=True,
            birth_date__isnull=False,
        )
        .annotate(same=Window(Count("pk"), partition_by=[F("name_key"), F("birth_date")]))
        .filter(same__gt=1)
    )
    return ask.members().filter(pk__in=everybody.values("pk"))


def without_surname(ask: Ask) -> "QuerySet[Member]":
    return ask.members().filter(last_name="")


def title_against_sex(ask: Ask) -> "QuerySet[Member]":
    return ask.members().filter(
        Q(title__in=_MALE, sex=Sex.FEMALE) | Q(title__in=_FEMALE, sex=Sex.MALE)
    )


def child_title(ask: Ask) -> "QuerySet[Member]":
    grown = _born(ask.members()).filter(born__lt=ask.today.year - ask.threshold)
    return grown.filter(title__in=_CHILD)


def child_as_head(ask: Ask) -> "QuerySet[Member]":
    young = _born(ask.members()).filter(born__gt=ask.today.year - ask.threshold)
    return young.filter(is_head=True)


def heaped_births(ask: Ask) -> "QuerySet[Member]":
    """Fit those born on 1 January in villages where too large a share is."""
    here = ask.members().filter(birth_date__isnull=False)
    first = Q(birth_date__month=1, birth_date__day=1)
    villages = (
        here.values("household__area_id")
        .annotate(known=Count("pk"), heaped=Count("pk", filter=first))
        .filter(known__gte=_FEWEST_BIRTHS, heaped__gte=F("known") * ask.threshold / 100.0)
    )
    return here.filter(first, household__area_id__in=villages.values("household__area_id"))


def in_no_year(ask: Ask) -> "QuerySet[Member]":
    """Fit whose birth date and birth year name different years."""
    return (
        ask.members()
        .filter(
            birth_date__isnull=False,
            birth_year__isnull=False,
        )
        .exclude(birth_date__year=F("birth_year"))
    )


PEOPLE = (
    Rule(
        code="no-id",
        title="ไม่มีเลขประจำตัวประชาชนและไม่บอกเหตุ",
        why="ตรวจคนซ้ำและจับคู่กับบัญชีอื่นไม่ได้ ถ้าไม่มีเลขจริงให้ระบุเหตุ",
        severity=Severity.SERIOUS,
        of_members=True,
        mend=_edit("citizen_id"),
        find=without_id,
    ),
    Rule(
        code="no-birth",
        title="ไม่ทราบปีเกิด",
        why="คำนวณอายุ กลุ่มวัย และสิทธิสวัสดิการตามอายุไม่ได้",
        severity=Severity.MINOR,
        of_members=True,
        mend=_edit("birth"),
        find=without_birth,
    ),
    Rule(
        code="too-old",
        title="อายุมากผิดปกติ",
        why="มักเกิดจากปี พ.ศ. กับ ค.ศ. สลับกัน หรือผู้นั้นเสียชีวิตแล้ว",
        severity=Severity.SERIOUS,
        of_members=True,
        mend=_edit("birth"),
        find=too_old,
        threshold=Threshold("อายุเกิน", 110, "ปี", 90, 150),
    ),
    Rule(
        code="born-late",
        title="วันเกิดอยู่หลังปีที่มีชื่อในบัญชี",
        why="คนที่ยังไม่เกิดอยู่ในบัญชีไม่ได้ วันเกิดหรือตัวบุคคลผิด",
        severity=Severity.SERIOUS,
        of_members=True,
        mend=_edit("birth"),
        find=born_late,
    ),
    Rule(
        code="same-person-twice",
        title="ชื่อและวันเกิดตรงกันสองรายการ",
        why="อาจเป็นคนเดียวกันที่นับสองครั้ง ถ้าเป็นคนละคนให้ยกเว้นพร้อมเหตุผล",
        severity=Severity.SERIOUS,
        of_members=True,
        mend=_edit("first_name"),
        find=twice,
        compares=True,
    ),
    Rule(
        code="no-surname",
        title="ไม่มีนามสกุล",
        why="ค้นหาและจับคู่กับบัญชีอื่นได้ยาก",
        severity=Severity.MINOR,
        of_members=True,
        mend=_edit("last_name"),
        find=without_surname,
    ),
    Rule(
        code="title-against-sex",
        title="คำนำหน้าไม่ตรงกับเพศ",
        why="คำนำหน้าหรือเพศอย่างใดอย่างหนึ่งผิด",
        severity=Severity.MINOR,
        of_members=True,
        mend=_edit("title"),
        find=title_against_sex,
    ),
    Rule(
        code="child-title",
        title="ผู้ใหญ่ที่ยังใช้คำนำหน้าเด็ก",
        why="คำนำหน้าเก่าหรือวันเกิดผิด ทำให้ชื่อไม่ตรงกับบัตรประชาชน",
        severity=Severity.MINOR,
        of_members=True,
        mend=_edit("title"),
        find=child_title,
        threshold=Threshold("อายุเกิน", 15, "ปี", 10, 30),
    ),
    Rule(
        code="child-as-head",
        title="หัวหน้าครัวเรือนเป็นเด็ก",
        why="ถ้าจริงเป็นครัวเรือนเด็กที่ต้องช่วยเร่งด่วน ถ้าไม่จริงต้องแก้หัวหน้าครัวเรือน",
        severity=Severity.SERIOUS,
        of_members=True,
        mend=_edit("is_head"),
        find=child_as_head,
        threshold=Threshold("อายุต่ำกว่า", 15, "ปี", 10, 20),
    ),
    Rule(
        code="birth-years-differ",
        title="วันเกิดกับปีเกิดไม่ตรงกัน",
        why="อายุที่คำนวณได้มีสองค่า",
        severity=Severity.MINOR,
        of_members=True,
        mend=_edit("birth"),
        find=in_no_year,
    ),
    Rule(
        code="heaped-births",
        title="วันเกิด 1 มกราคมมากผิดปกติในหมู่บ้าน",
        why="มักเป็นวันเกิดที่ใส่แทนเมื่อไม่ทราบจริง",
        severity=Severity.MINOR,
        of_members=True,
        mend=_edit("birth"),
        find=heaped_births,
        compares=True,
        threshold=Threshold("ตั้งแต่ร้อยละ", 20, "ของวันเกิดที่ทราบ", 5, 100),
    ),
)
