"""Who may do what: one table that the governor's office can read.

A role is a set of permissions; a Scope says where a person holds the role.
"""

from enum import StrEnum


class Permission(StrEnum):
    """What can be allowed. The value is what an audit line or a refusal shows."""

    HOUSEHOLD_READ = "ดูแฟ้มครัวเรือน"
    HOUSEHOLD_SEARCH = "ค้นหาครัวเรือน"
    HOUSEHOLD_EXPORT = "ส่งออกรายชื่อครัวเรือน"
    CITIZEN_ID_REVEAL = "เปิดดูเลขประจำตัวประชาชนเต็ม"
    HOUSEHOLD_CREATE = "เพิ่มครัวเรือนตกหล่น"
    HOUSEHOLD_UPDATE = "แก้ไขข้อมูลครัวเรือน"
    HOUSEHOLD_VERIFY = "สอบทานครัวเรือน"
    FIELDWORK_ASSIGN = "มอบหมายงานภาคสนาม"
    BACK_CHECK = "สุ่มตรวจซ้ำและตัดสินผลที่ไม่ตรงกัน"
    HOUSEHOLD_MERGE = "รวมและแยกรายการซ้ำ"
    HOUSEHOLD_ASSESS = "ประเมินทุนดำรงชีพ"
    PLAN_MAKE = "ทำแผนครัวเรือน"
    VERIFICATION_RETRACT = "ถอนผลสอบทานของผู้อื่น"
    GROUP_OVERRIDE = "ปรับกลุ่มครัวเรือน"
    EXIT_APPROVE = "อนุมัติให้พ้นเป้าหมาย"
    MOVE_ACCEPT = "รับครัวเรือนที่ย้ายเข้าพื้นที่"
    PROTECTION_MANAGE = "คุ้มครองครัวเรือนและกำหนดผู้มีสิทธิดู"
    AREA_CHANGE = "บันทึกการเปลี่ยนชื่อหรือรหัสพื้นที่"
    QUALITY_RULES_SET = "ตั้งกติกาคุณภาพข้อมูล"
    REFERRAL_READ = "ดูเรื่องส่งต่อในพื้นที่"
    REFERRAL_DRAFT = "ร่างเรื่องส่งต่อ"
    REFERRAL_SEND = "ส่งต่อให้หน่วยงาน"
    REFERRAL_MANAGE = "ปิด เปิดใหม่ และเปลี่ยนหน่วยงานของเรื่องส่งต่อ"
    REFERRAL_CHECK = "สอบทานผลการช่วยเหลือ"
    REFERRAL_ANSWER = "รับและตอบเรื่องส่งต่อของหน่วยงาน"
    ROUTING_CHANGE = "ตั้งเกณฑ์เลือกหน่วยงานและกำหนดเวลา"
    FORUM_READ = "ดูเวทีแก้จน"
    FORUM_MANAGE = "จัดเวทีแก้จนและบันทึกมติ"
    IMPORT = "นำเข้าข้อมูล"
    IMPORT_APPROVE = "อนุมัติการนำเข้าที่เกินเกณฑ์"
    AREA_LEARN = "ยืนยันพื้นที่ใหม่"
    SETTINGS_CHANGE = "ตั้งค่าระบบ"
    USERS_MANAGE = "จัดการผู้ใช้และสิทธิ"
    DASHBOARD_READ = "ดูภาพรวม"
    AUDIT_READ = "ดูบันทึกการใช้งาน"


class Role(StrEnum):
    SURVEYOR = "SURVEYOR"
    TEAM_LEAD = "TEAM_LEAD"
    DISTRICT_OFFICER = "DISTRICT_OFFICER"
    PROVINCE_OFFICER = "PROVINCE_OFFICER"
    ANALYST = "ANALYST"
    AGENCY_OFFICER = "AGENCY_OFFICER"
    IMPORT_ADMIN = "IMPORT_ADMIN"
    SYSTEM_ADMIN = "SYSTEM_ADMIN"
    AUDITOR = "AUDITOR"

    @property
    def label(self) -> str:
        return LABELS[self]

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(role.value, role.label) for role in cls]

    @classmethod
    def with_permission(cls, permission: Permission) -> list[str]:
        """Return the roles that hold it, as stored in Scope.role."""
        return [role.value for role in cls if permission in PERMISSIONS[role]]


LABELS: dict[Role, str] = {
    Role.SURVEYOR: "เจ้าหน้าที่สำรวจ",
    Role.TEAM_LEAD: "หัวหน้าทีมตำบล",
    Role.DISTRICT_OFFICER: "เจ้าหน้าที่ ศจพ.อ.",
    Role.PROVINCE_OFFICER: "เจ้าหน้าที่ ศจพ.จ.",
    Role.ANALYST: "ผู้วิเคราะห์ข้อมูล",
    Role.AGENCY_OFFICER: "เจ้าหน้าที่หน่วยงานรับส่งต่อ",
    Role.IMPORT_ADMIN: "ผู้ดูแลการนำเข้า",
    Role.SYSTEM_ADMIN: "ผู้ดูแลระบบ",
    Role.AUDITOR: "ผู้ตรวจสอบ / เจ้าหน้าที่คุ้มครองข้อมูล",
}

_FIELD = frozenset(
    {
        Permission.HOUSEHOLD_READ,
        Permission.HOUSEHOLD_SEARCH,
        Permission.HOUSEHOLD_CREATE,
        Permission.HOUSEHOLD_UPDATE,
        Permission.HOUSEHOLD_VERIFY,
        Permission.HOUSEHOLD_ASSESS,
        Permission.PLAN_MAKE,
        Permission.REFERRAL_READ,
        Permission.REFERRAL_DRAFT,
        Permission.REFERRAL_CHECK,
    }
)
_OFFICE = _FIELD | {
    Permission.HOUSEHOLD_EXPORT,
    Permission.HOUSEHOLD_MERGE,
    Permission.CITIZEN_ID_REVEAL,
    Permission.VERIFICATION_RETRACT,
    Permission.GROUP_OVERRIDE,
    Permission.FIELDWORK_ASSIGN,
    Permission.BACK_CHECK,
    Permission.EXIT_APPROVE,
    Permission.MOVE_ACCEPT,
    Permission.REFERRAL_SEND,
    Permission.REFERRAL_MANAGE,
    Permission.FORUM_READ,
    Permission.FORUM_MANAGE,
    Permission.DASHBOARD_READ,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.SURVEYOR: _FIELD,
    Role.TEAM_LEAD: _FIELD
    | {
        Permission.CITIZEN_ID_REVEAL,
        Permission.FIELDWORK_ASSIGN,
        Permission.VERIFICATION_RETRACT,
        Permission.MOVE_ACCEPT,
        Permission.REFERRAL_SEND,
        Permission.FORUM_READ,
        Permission.DASHBOARD_READ,
    },
    Role.DISTRICT_OFFICER: _OFFICE,
    Role.PROVINCE_OFFICER: _OFFICE
    | {
        Permission.IMPORT_APPROVE,
        Permission.AREA_LEARN,
        Permission.AREA_CHANGE,
        Permission.QUALITY_RULES_SET,
        Permission.PROTECTION_MANAGE,
        Permission.AUDIT_READ,
        Permission.ROUTING_CHANGE,
    },
    Role.ANALYST: frozenset({Permission.DASHBOARD_READ}),
    # An agency sees households through the referrals addressed to it (AccessGrant), never by area.
    Role.AGENCY_OFFICER: frozenset({Permission.REFERRAL_ANSWER}),
    Role.IMPORT_ADMIN: frozenset(
        {Permission.IMPORT, Permission.IMPORT_APPROVE, Permission.AREA_LEARN}
    ),
    Role.SYSTEM_ADMIN: frozenset(
        {Permission.USERS_MANAGE, Permission.SETTINGS_CHANGE, Permission.ROUTING_CHANGE}
    ),
    Role.AUDITOR: frozenset({Permission.AUDIT_READ, Permission.DASHBOARD_READ}),
}
