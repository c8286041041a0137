import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from accounts.models import User
from imports import services
from imports.models import ImportBatch
from imports.services.commanding import service_user, work_off
from imports.services.showing import summary
from imports.workflow import State

DONE, FAILED, TROUBLE, ALREADY = 0, 1, 2, 3
_ROWS_AT_ONCE = 1_000


_MAPPING_HELP = (
    'JSON: {"คอลัมน์มาตรฐาน": "หัวคอลัมน์ในไฟล์"} หรือ {"mapping": {…}, "sheet": …, "header_line": …, '
    '"encoding": …, "delimiter": …, "hidden_rows": "take"|"skip", "merged": "reject"|"fill_down"}'
)


class Command(BaseCommand):
    help = (
        "นำเข้าไฟล์รายชื่อโดยไม่ต้องมีเบราว์เซอร์หรือ worker "
        "(0 = เรียบร้อย, 2 = มีแถวที่ไม่ได้นำเข้า, 3 = นำเข้าไฟล์นี้แล้ว, 1 = ไม่สำเร็จ)"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--source", required=True, help="บัญชี เช่น tpmap")
        parser.add_argument("--year", type=int, required=True, help="ปีของบัญชี (พ.ศ.)")
        parser.add_argument("--as", dest="user", help="ชื่อผู้ใช้ที่เป็นผู้นำเข้า")
        parser.add_argument("--mapping", type=Path, help=_MAPPING_HELP)
        parser.add_argument("--reason", default="", help="เหตุที่นำเข้าไฟล์เดิมซ้ำ")
        parser.add_argument("--apply", action="store_true", help="นำเข้าทะเบียนด้วย ไม่เพียงตรวจ")
        parser.add_argument("--json", action="store_true", help="พิมพ์ผลเป็น JSON")
        parser.add_argument("--rows", action="store_true", help="พิมพ์ทุกแถวเป็น JSON บรรทัดละแถว")

    def handle(self, *args: Any, **options: Any) -> None:
        by = self._user(options["user"])
        try:
            batch = self._run(by, options)
        except services.AlreadyImported as error:
            self._tell({"code": "already_imported", "id": str(error.batch_id)}, options, str(error))
            sys.exit(ALREADY)
        except (
            services.UnableToUpload,
            services.UnableToApply,
            services.UnableToMove,
            PermissionDenied,
        ) as error:
            raise CommandError(str(error), returncode=FAILED) from error
        self._tell(summary(batch, at=now()), options, _sentence(batch))
        if options["rows"]:
            self._rows(batch, by)
        sys.exit(_exit_code(batch, is_applying=options["apply"]))

    def _user(self, username: str | None) -> User:
        if username is None:
            return service_user()
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"ไม่มีผู้ใช้ชื่อ {username}", returncode=FAILED)
        return user

    def _run(self, by: User, options: dict[str, Any]) -> ImportBatch:
        path: Path = options["path"]
        try:
            mapping = json.loads(options["mapping"].read_text()) if options["mapping"] else None
            with path.open("rb") as stream:
                batch = services.upload(
                    stream=stream,
                    name=path.name,
                    source=options["source"],
                    year_be=options["year"],
                    mapping=mapping,
                    reimport_reason=options["reason"],
                    by=by,
                    at=now(),
                )
        except (OSError, ValueError) as error:
            raise CommandError(str(error), returncode=FAILED) from error
        work_off(batch)
        if options["apply"] and batch.state == State.STAGED:
            services.order_apply(batch=batch, by=by, at=now())
            if batch.state == State.APPLYING:
                work_off(batch)
        return batch

    def _tell(self, found: dict[str, Any], options: dict[str, Any], sentence: str) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, default=str))
        else:
            self.stdout.write(sentence)

    def _rows(self, batch: ImportBatch, by: User) -> None:
        last = 0
        while rows := list(batch.rows.after(last).for_page()[:_ROWS_AT_ONCE]):
            for shown in services.show_rows(batch, rows, by=by, at=now()):
                self.stdout.write(json.dumps(shown, ensure_ascii=False))
            last = rows[-1].row


def _sentence(batch: ImportBatch) -> str:
    state = State(batch.state)
    if state is State.FAILED:
        return f"{batch.pk} {state.label}: {batch.error}"
    if batch.rows_read is None:
        return f"{batch.pk} {state.label}"
    return (
        f"{batch.pk} {state.label}: อ่าน {batch.rows_read:,} แถว พร้อมนำเข้า {batch.accepted:,} "
        f"รอตัดสินใจ {batch.held:,} นำเข้าไม่ได้ {batch.rejected:,} ข้าม {batch.skipped:,}"
    )


def _exit_code(batch: ImportBatch, *, is_applying: bool) -> int:
    wanted = State.APPLIED if is_applying else State.STAGED
    if batch.state in (State.NEEDS_MAPPING, State.AWAITING_APPROVAL):
        return TROUBLE
    if batch.state != wanted:
        return FAILED
    return TROUBLE if batch.held or batch.rejected else DONE
