"""Who may import, decide, approve, undo, and see the values of a file."""

from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.permissions import check_has_anywhere, check_has_in, has_in
from accounts.roles import Permission
from imports.models import ImportBatch


def check_can_upload(user: User) -> None:
    check_has_anywhere(user, Permission.IMPORT)


def check_can_manage(user: User, batch: ImportBatch) -> None:
    """Refuse unless `user` imports for every area that the batch may touch."""
    for code in batch.scope_codes:
        check_has_in(user, Permission.IMPORT, code)


def check_can_approve(user: User, batch: ImportBatch) -> None:
    """Refuse the uploader, and anybody who may not approve for all of the area."""
    for code in batch.scope_codes:
        check_has_in(user, Permission.IMPORT_APPROVE, code)
    if user.pk == batch.uploaded_by_id:
        raise PermissionDenied("ผู้ส่งไฟล์อนุมัติเองไม่ได้ ต้องให้ผู้อื่นที่มีสิทธิอนุมัติ")


def check_can_learn_area(user: User, area_code: str) -> None:
    check_has_in(user, Permission.AREA_LEARN, area_code)


def can_manage(user: User, batch: ImportBatch) -> bool:
    return all(has_in(user, Permission.IMPORT, code) for code in batch.scope_codes)


def can_approve(user: User, batch: ImportBatch) -> bool:
    return user.pk != batch.uploaded_by_id and all(
        has_in(user, Permission.IMPORT_APPROVE, code) for code in batch.scope_codes
    )


def can_see_full_ids(user: User, batch: ImportBatch) -> bool:
    """Whole citizen IDs are for the uploader and the import admins of the area."""
    return user.pk == batch.uploaded_by_id or can_manage(user, batch)


def can_download(user: User, batch: ImportBatch) -> bool:
    """The file holds whole citizen IDs, so it is for those who see them in its lines."""
    return can_see_full_ids(user, batch)


def check_can_download(user: User, batch: ImportBatch) -> None:
    if not can_download(user, batch):
        raise PermissionDenied("ไฟล์ต้นฉบับให้เฉพาะผู้ส่งไฟล์และผู้ดูแลการนำเข้าของพื้นที่")
