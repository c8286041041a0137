from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from accounts.models import User
from imports import services
from imports.services.commanding import batch_of, service_user, work_off
from imports.workflow import State


class Command(BaseCommand):
    help = "ย้อนกลับการนำเข้า: คืนค่าเดิม และลบสิ่งที่เพิ่มโดยการนำเข้านี้เท่านั้น"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=UUID)
        parser.add_argument("--as", dest="user", help="ชื่อผู้ใช้ที่เป็นผู้ย้อนกลับ")

    def handle(self, *args: Any, **options: Any) -> None:
        batch = batch_of(options["id"])
        if batch is None:
            raise CommandError("ไม่พบการนำเข้านี้")
        by = self._user(options["user"])
        try:
            services.order_undo(batch=batch, by=by, at=now())
        except (services.UnableToApply, services.UnableToMove, PermissionDenied) as error:
            raise CommandError(str(error)) from error
        work_off(batch)
        if batch.state != State.UNDONE:
            raise CommandError(batch.error or State(batch.state).label)
        self.stdout.write(
            f"{batch.pk} ย้อนกลับแล้ว {batch.effect['undone']:,} รายการ "
            f"คงไว้ {batch.effect['kept']:,} รายการ"
        )
        for conflict in services.conflicts(batch)[:20]:
            self.stdout.write(f"  คงไว้: {conflict.reason} {conflict.count:,} รายการ")

    def _user(self, username: str | None) -> User:
        if username is None:
            return service_user()
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"ไม่มีผู้ใช้ชื่อ {username}")
        return user
