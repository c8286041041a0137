"""What must be so before two become one; else a person must decide something first."""

from uuid import UUID

from duplicates.services.errors import UnableToMerge
from households.models import Household, HouseholdMove, Member
from households.workflow import MoveState, Stage

GONE = "มีผู้รวมรายการนี้ไปแล้ว เปิดหน้ารายการซ้ำอีกครั้งเพื่อดูผล"
STALE = "มีผู้แก้ไขข้อมูลนี้หลังจากที่ท่านเปิดหน้า กรุณาดูข้อมูลล่าสุดแล้วเลือกอีกครั้ง"


def locked(one: UUID, other: UUID) -> tuple[Household, Household]:
    """Hold both in the order of their keys, as everybody does."""
    rows = Household.objects.select_for_update(of=("self",)).select_related("area")
    held = {row.pk: row for row in rows.filter(pk__in=[one, other]).order_by("pk")}
    if one not in held or other not in held:
        raise UnableToMerge(GONE)
    return held[one], held[other]


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise UnableToMerge("ระบุเหตุผลที่รวม เช่น พบว่าเป็นบ้านเดียวกันจากการเยี่ยม")


def check_households(survivor: Household, merged: Household, versions: tuple[int, int]) -> None:
    if survivor.pk == merged.pk:
        raise UnableToMerge("เลือกสองครัวเรือนที่ต่างกัน")
    if survivor.merged_into_id or merged.merged_into_id:
        raise UnableToMerge(GONE)
    if (survivor.version, merged.version) != versions:
        raise UnableToMerge(STALE)
    for household in (survivor, merged):
        if household.stage == Stage.EXIT_PROPOSED:
            raise UnableToMerge(
                f"ครัวเรือน {household.code} มีข้อเสนอให้พ้นเป้าหมายรออยู่ ให้ตัดสินหรือถอนข้อเสนอก่อน"
            )
    if survivor.stage == Stage.EXITED and merged.stage != Stage.EXITED:
        raise UnableToMerge(f"ครัวเรือน {survivor.code} พ้นเป้าหมายไปแล้ว ให้เลือกอีกครัวเรือนเป็นรายหลัก")
    if HouseholdMove.objects.filter(
        household__in=(survivor, merged), state=MoveState.ASKED
    ).exists():
        raise UnableToMerge("มีคำขอย้ายครัวเรือนที่รออยู่ ให้รับหรือปฏิเสธคำขอก่อน")
    if survivor.is_protected != merged.is_protected:
        raise UnableToMerge("ครัวเรือนหนึ่งเป็นครัวเรือนคุ้มครอง ให้ผู้มีสิทธิกำหนดการคุ้มครองให้ตรงกันก่อนรวม")


def check_members(survivor: Member, merged: Member, versions: tuple[int, int]) -> None:
    if survivor.pk == merged.pk:
        raise UnableToMerge("เลือกสองคนที่ต่างกัน")
    if survivor.merged_into_id or merged.merged_into_id:
        raise UnableToMerge(GONE)
    if survivor.household.merged_into_id or merged.household.merged_into_id:
        raise UnableToMerge(GONE)
    if (survivor.version, merged.version) != versions:
        raise UnableToMerge(STALE)
    if survivor.left_on is not None and merged.left_on is None:
        raise UnableToMerge(f"{survivor.full_name} ออกจากครัวเรือนไปแล้ว ให้เลือกอีกรายเป็นรายหลัก")


def check_headless(merged: Member, survivor: Member) -> None:
    if survivor.household_id == merged.household_id:
        return
    others = Member.objects.present().filter(household=merged.household_id).exclude(pk=merged.pk)
    if others.exists():
        raise UnableToMerge(
            f"{merged.full_name} เป็นหัวหน้าครัวเรือน ให้ตั้งสมาชิกคนอื่นเป็นหัวหน้าแทนก่อน หรือรวมทั้งครัวเรือน"
        )
