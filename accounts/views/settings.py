"""The way into the settings, and the table of roles for the governor's office."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import has_anywhere
from accounts.roles import PERMISSIONS, Permission, Role
from ppaos.web.request import AuthenticatedHttpRequest

# Where one goes, what it is for, and the right that opens it. Paths are a contract.
PLACES = (
    (
        "/settings/users/",
        "ผู้ใช้และสิทธิ",
        "ใครทำงานที่ไหน รหัสผ่านชั่วคราว",
        "person",
        Permission.USERS_MANAGE,
    ),
    (
        "/settings/agencies/",
        "หน่วยงาน",
        "หน่วยงานที่รับเรื่องส่งต่อ",
        "settings",
        Permission.SETTINGS_CHANGE,
    ),
    (
        "/settings/routing/",
        "เกณฑ์เลือกหน่วยงาน",
        "ปัญหาแบบใดส่งให้หน่วยงานใด",
        "refer",
        Permission.ROUTING_CHANGE,
    ),
    (
        "/settings/sla/",
        "กำหนดเวลาของเรื่องส่งต่อ",
        "วันทำการที่ให้ในแต่ละสถานะ",
        "clock",
        Permission.ROUTING_CHANGE,
    ),
    (
        "/settings/holidays/",
        "วันหยุดราชการ",
        "วันที่ไม่นับเป็นวันทำการ",
        "today",
        Permission.ROUTING_CHANGE,
    ),
    (
        "/settings/area-changes/",
        "การเปลี่ยนชื่อและรหัสพื้นที่",
        "ตามประกาศ ครัวเรือนและผู้ดูแลย้ายตาม",
        "list",
        Permission.AREA_CHANGE,
    ),
    (
        "/households/protected/",
        "ครัวเรือนคุ้มครอง",
        "ใครเปิดดูครัวเรือนที่ต้องปกปิดที่อยู่ได้",
        "shield",
        Permission.PROTECTION_MANAGE,
    ),
    ("/settings/roles/", "บทบาทและสิทธิ", "ตารางว่าบทบาทใดทำอะไรได้", "list", Permission.USERS_MANAGE),
    ("/settings/audit/", "บันทึกการใช้งาน", "ใครทำหรือเปิดดูอะไร เมื่อใด", "list", Permission.AUDIT_READ),
)


@require_safe
@login_required
def index(request: AuthenticatedHttpRequest) -> HttpResponse:
    """List the settings that this person may open."""
    places = [place for place in PLACES if has_anywhere(request.user, place[4])]
    if not places:
        raise PermissionDenied("บัญชีของท่านไม่มีสิทธิตั้งค่าระบบ")
    return render(request, "accounts/settings.html", {"places": places})


@require_safe
@login_required
def roles(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show the table of roles and rights, as the code has it."""
    if not any(has_anywhere(request.user, place[4]) for place in PLACES):
        raise PermissionDenied("บัญชีของท่านไม่มีสิทธิตั้งค่าระบบ")
    rows = [
        (permission.value, [permission in PERMISSIONS[role] for role in Role])
        for permission in Permission
    ]
    context = {"roles": [(role.value, role.label) for role in Role], "rows": rows}
    return render(request, "accounts/roles.html", context)
