"""States of a pair that may be one, why it may be, and what a merge does to a row."""

from ppaos.lib.labelled import LabelledEnum


class Kind(LabelledEnum):
    PERSON = "person", "บุคคล"
    HOUSEHOLD = "household", "ครัวเรือน"


class State(LabelledEnum):
    """What people made of a pair. One that was merged is known from the merge."""

    OPEN = "open", "รอตรวจ"
    DISTINCT = "distinct", "ตรวจแล้ว ไม่ใช่รายเดียวกัน"


class Clue(LabelledEnum):
    """Why two may be one, in words for whoever decides."""

    SAME_ID = "same_id", "เลขประจำตัวประชาชนเดียวกัน"
    NEAR_ID = "near_id", "เลขประจำตัวต่างกันหนึ่งหลักหรือสลับหลักติดกัน"
    SAME_NAME = "same_name", "ชื่อและนามสกุลเดียวกัน"
    LIKE_NAME = "like_name", "ชื่อและนามสกุลใกล้เคียงกัน"
    SAME_BIRTHDAY = "same_birthday", "วันเกิดเดียวกัน"
    SAME_BIRTH_YEAR = "same_birth_year", "ปีเกิดเดียวกัน"
    SAME_HOUSEHOLD = "same_household", "อยู่ในครัวเรือนเดียวกัน"
    SAME_HOUSE = "same_house", "บ้านเลขที่และหมู่บ้านเดียวกัน"
    SAME_AREA = "same_area", "ตำบลเดียวกัน"
    ONE_WITHOUT_ID = "one_without_id", "อย่างน้อยหนึ่งรายไม่มีเลขประจำตัว"
    BOTH_IDS = "both_ids", "มีเลขประจำตัวคนละเลข (ลดคะแนน)"
    OTHER_SEX = "other_sex", "เพศไม่ตรงกัน (ลดคะแนน)"
    SHARED_MEMBERS = "shared_members", "สมาชิกซ้ำกันตั้งแต่สองคน"


class Act(LabelledEnum):
    """What a merge did to one row."""

    MOVED = "moved", "ย้ายไปอยู่กับรายหลัก"
    CHANGED = "changed", "เปลี่ยนค่า"
    ADDED = "added", "เพิ่ม"
    KEPT = "kept", "คงไว้กับรายเดิม"


class RunState(LabelledEnum):
    WAITING = "waiting", "รอค้นหา"
    DONE = "done", "ค้นหาแล้ว"
