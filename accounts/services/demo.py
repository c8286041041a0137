"""The accounts of the demo province. Every name is invented."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import Agency, Scope, User
from accounts.roles import Role
from accounts.services.scopes import LONGEST_DAYS, add_scope
from accounts.services.sessions import end_everything
from areas.models import Area
from audit.services import record

PROVINCE = "30"
DISTRICT = "3032"
SUBDISTRICT = "303201"

# code, name, short name
AGENCIES = (
    (
        "psd-30",
        "สำนักงานพัฒนาสังคมและความมั่นคงของมนุษย์จังหวัดนครราชสีมา",
        "พมจ. นครราชสีมา",
    ),
    (
        "codi-northeast",
        "สถาบันพัฒนาองค์กรชุมชน ภาคตะวันออกเฉียงเหนือ",
        "พอช. ภาคตะวันออกเฉียงเหนือ",
    ),
    ("pho-30", "สำนักงานสาธารณสุขจังหวัดนครราชสีมา", "สสจ. นครราชสีมา"),
    ("peo-30", "สำนักงานศึกษาธิการจังหวัดนครราชสีมา", "ศธจ. นครราชสีมา"),
    ("cdd-30", "สำนักงานพัฒนาชุมชนจังหวัดนครราชสีมา", "พช. นครราชสีมา"),
    ("dopa-30", "ที่ทำการปกครองจังหวัดนครราชสีมา", "ปค. นครราชสีมา"),
)
OTHERS = ("pho-30", "peo-30", "cdd-30", "dopa-30")


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """What one account may do; `agencies` are codes of AGENCIES."""

    username: str
    name: str
    roles: tuple[Role, ...]
    area_code: str
    agencies: tuple[str, ...] = ()


ACCOUNTS = (
    DemoAccount("admin", "ผู้ดูแล ตัวอย่าง", (Role.IMPORT_ADMIN, Role.SYSTEM_ADMIN), PROVINCE),
    DemoAccount("province", "จังหวัด ตัวอย่าง", (Role.PROVINCE_OFFICER,), PROVINCE),
    DemoAccount("district", "อำเภอ ตัวอย่าง", (Role.DISTRICT_OFFICER,), DISTRICT),
    DemoAccount("surveyor", "สำรวจ ตัวอย่าง", (Role.SURVEYOR,), SUBDISTRICT),
    DemoAccount("agency", "พมจ ตัวอย่าง", (Role.AGENCY_OFFICER,), PROVINCE, ("psd-30",)),
    DemoAccount("agency2", "พอช ตัวอย่าง", (Role.AGENCY_OFFICER,), PROVINCE, ("codi-northeast",)),
    # Answers for the offices that no account shown at the start answers for.
    DemoAccount("agency3", "หน่วยงานอื่น ตัวอย่าง", (Role.AGENCY_OFFICER,), PROVINCE, OTHERS),
    DemoAccount("viewer", "วิเคราะห์ ตัวอย่าง", (Role.ANALYST,), PROVINCE),
)


@transaction.atomic
def create_demo_accounts(*, password: str, at: datetime) -> list[User]:
    """Make the demo accounts, all with `password`, and the agencies they need.

    Safe to repeat: what is there is kept, and gets `password`. The areas must be
    there. Raises ValueError if a real account has one of the names.
    """
    agencies = _agencies()
    hashed = make_password(password)
    return [
        _account(account, password=password, hashed=hashed, agencies=agencies, at=at)
        for account in ACCOUNTS
    ]


@transaction.atomic
def remove_demo_accounts(*, at: datetime) -> int:
    """Close the demo accounts and free their names; return how many there were.

    The rows stay, for what they recorded points at them, but they are no demo
    accounts any more and nobody can sign in with them.
    """
    users = list(User.objects.filter(is_demo=True))
    for user in users:
        end_everything(user=user, at=at)
        Scope.objects.filter(user=user, revoked_at__isnull=True).update(
            revoked_at=at, revoked_by=user
        )
        freed = f"demo-{user.pk.hex}"
        user.set_unusable_password()
        User.objects.filter(pk=user.pk).update(
            username=freed,
            password=user.password,
            is_active=False,
            is_staff=False,
            is_demo=False,
        )
        record(event="user.demo-removed", subject=user, area=PROVINCE, by=None, at=at)
    return len(users)


def _agencies() -> dict[str, Agency]:
    return {
        code: Agency.objects.get_or_create(
            code=code, defaults={"name": name, "short_name": short_name, "area_id": PROVINCE}
        )[0]
        for code, name, short_name in AGENCIES
    }


def _account(
    account: DemoAccount,
    *,
    password: str,
    hashed: str,
    agencies: dict[str, Agency],
    at: datetime,
) -> User:
    user, created = User.objects.get_or_create(
        username=account.username,
        defaults={"name": account.name, "password": hashed, "is_demo": True},
    )
    if not user.is_demo:
        raise ValueError(f"มีบัญชีจริงชื่อ {account.username} อยู่แล้ว")
    if not created:
        # A new hash of the same password would sign everybody out at each start.
        if not user.check_password(password):
            User.objects.filter(pk=user.pk).update(password=hashed)
        return user
    area = Area.objects.get(pk=account.area_code)
    offices: list[Agency | None] = [agencies[code] for code in account.agencies] or [None]
    for role, office in product(account.roles, offices):
        add_scope(
            user=user,
            role=role,
            area=area,
            agency=office,
            valid_until=localdate(at) + timedelta(days=LONGEST_DAYS),
            by=None,
            at=at,
        )
    return user
