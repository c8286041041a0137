"""What becomes of households and people: they move, part, are born; one must not be found."""

from datetime import datetime, timedelta

from django.utils.timezone import localdate

from accounts.models import User
from areas.models import Area, Level
from demo.services.registering import SURVEYED
from households.models import Household, Member
from households.querysets import HouseholdQuerySet
from households.services import (
    MemberDraft,
    Place,
    add_member,
    move_household,
    name_person,
    protect_household,
    split_household,
)
from households.workflow import MoveReason, Stage

NEXT_TO = "303202"
"""ต.ท่าช้าง, which the demo surveyor asks to take a household in."""
OLD_ENOUGH, YOUNG_ENOUGH = 20, 42


def change(accounts: dict[str, User], *, at: datetime) -> int:
    """Let each of these happen once, where there is somebody to whom it can; return the splits."""
    surveyor = accounts["surveyor"]
    _move(surveyor, to=SURVEYED, at=at - timedelta(days=6))
    _move(surveyor, to=NEXT_TO, at=at - timedelta(days=1))
    made = _split(surveyor, at=at - timedelta(days=4))
    _bear(surveyor, at=at - timedelta(days=2))
    _protect(accounts, at=at - timedelta(days=5))
    return made


def _poor() -> HouseholdQuerySet:
    """Return households to whom nothing of this happened yet, those who were found last first."""
    here = Household.objects.in_area(SURVEYED).filter(stage=Stage.VERIFIED_POOR, moves=None)
    return here.order_by("-stage_date", "pk")


def _standing() -> HouseholdQuerySet:
    """Return those of the surveyor's subdistrict that are still among the targets."""
    here = Household.objects.in_area(SURVEYED).filter(moves=None, merged_into=None)
    return here.exclude(stage__in=[Stage.EXITED, Stage.EXIT_PROPOSED])


def _move(surveyor: User, *, to: str, at: datetime) -> None:
    household = _poor().first()
    if household is None:
        return
    inside = Area.objects.filter(parent=to, level=Level.VILLAGE).exclude(pk=household.area_id)
    village = inside.order_by("code").first()
    if village is None:
        return
    move_household(
        household=household,
        version=household.version,
        to=Place(area_code=village.pk, house_no="84/2"),
        reason=MoveReason.MOVED,
        moved_on=localdate(at),
        note="ย้ายไปอยู่บ้านที่บุตรปลูกให้",
        by=surveyor,
        at=at,
    )


def _split(surveyor: User, *, at: datetime) -> int:
    """Let an adult who lives in somebody else's house live by themselves."""
    adults = (
        Member.objects.present()
        .filter(
            household__in=_standing().order_by(),
            is_head=False,
            birth_year__lte=localdate(at).year - OLD_ENOUGH,
        )
        .select_related("household")
        .order_by("-birth_year", "pk")
    )
    for member in adults[:1]:
        household = member.household
        split_household(
            members=[member],
            version=household.version,
            head=member,
            to=Place(area_code=household.area_id, house_no=f"{household.house_no or 1}/1"),
            moved_on=localdate(at),
            by=surveyor,
            at=at,
        )
        return 1
    return 0


def _bear(surveyor: User, *, at: datetime) -> None:
    born = localdate(at) - timedelta(days=20)
    mother = (
        Member.objects.present()
        .filter(
            household__in=_standing().order_by(),
            sex="female",
            birth_year__gte=born.year - YOUNG_ENOUGH,
            birth_year__lte=born.year - OLD_ENOUGH,
        )
        .order_by("household__area_id", "pk")
        .first()
    )
    if mother is None:
        return
    add_member(
        household=mother.household,
        draft=MemberDraft(
            title="เด็กหญิง",
            first_name="ขวัญข้าว",
            last_name=mother.last_name,
            no_id_reason="ยังไม่แจ้งเกิด",
            birth_date=born,
            sex="female",
            relation="บุตร",
        ),
        parent=mother,
        by=surveyor,
        at=at,
    )


def _protect(accounts: dict[str, User], *, at: datetime) -> None:
    """Hide a household that waits for its visit; the surveyor is named, the district is not."""
    listed = Household.objects.in_area(SURVEYED).filter(stage=Stage.LISTED, moves=None)
    household = listed.order_by("-area_id", "-pk").first()
    if household is None:
        return
    province = accounts["province"]
    protect_household(household=household, reason="มีผู้ตามหาและข่มขู่ แจ้งความแล้ว", by=province, at=at)
    household.refresh_from_db()
    name_person(
        household=household,
        user=accounts["surveyor"],
        reason="ผู้เยี่ยมบ้านประจำตำบล",
        by=province,
        at=at,
    )
