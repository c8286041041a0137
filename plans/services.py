"""Making a household's plan, and making it anew. No version is ever rewritten."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from areas.services import mark_changed
from audit.services import record
from households.models import Household
from plans import permissions
from plans.models import HouseholdPlan
from plans.workflow import PLANNED, Prospect, Step, Support, Way


class UnableToPlan(Exception):
    """The plan cannot be kept as it is. `fields` says where; the message is for the user."""

    def __init__(self, message: str, *, fields: dict[str, list[str]] | None = None) -> None:
        super().__init__(message)
        self.fields = fields or {}


class UnableToPlanStale(UnableToPlan):
    """Somebody else made a newer version since the form was opened."""

    def __init__(self) -> None:
        super().__init__("มีผู้ทำแผนฉบับใหม่หลังจากที่ท่านเปิดหน้า กรุณาดูแผนล่าสุดแล้วแก้ไขอีกครั้ง")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """A plan as it is written down at the house."""

    way_out: str
    support: Support
    step: Step
    agreed_on: date
    attitude: str = ""
    skills: str = ""
    resources: str = ""
    ways: tuple[Way, ...] = ()
    prospect: Prospect | None = None
    review_on: date | None = None


@transaction.atomic
def make_plan(
    *, household: Household, number_seen: int, draft: PlanDraft, by: User, at: datetime
) -> HouseholdPlan:
    """Keep a new version of the household's plan; the one before is superseded and stays.

    `number_seen` is the version that the person had before them, 0 for none.
    Raises PermissionDenied, UnableToPlanStale, and UnableToPlan for a household that
    nobody found poor or a value that cannot be right.
    """
    permissions.check_can_plan(by, household)
    # Planners of one household go one after the other.
    household = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
    if household.stage not in PLANNED:
        raise UnableToPlan("ทำแผนได้เมื่อสอบทานแล้วว่าจนจริง และยังไม่พ้นเป้าหมาย")
    _check(draft, today=localdate(at))
    current = HouseholdPlan.objects.of_household(household).current().first()
    number = current.number if current is not None else 0
    if number != number_seen:
        raise UnableToPlanStale
    if current is not None:
        current.superseded_at = at
        current.save(update_fields=["superseded_at"])
    plan = HouseholdPlan.objects.create(
        household=household,
        number=number + 1,
        attitude=draft.attitude.strip() or None,
        skills=draft.skills.strip() or None,
        resources=draft.resources.strip() or None,
        way_out=draft.way_out.strip(),
        support=draft.support,
        ways=[way.value for way in Way if way in draft.ways],
        step=draft.step,
        prospect=draft.prospect or "",
        agreed_on=draft.agreed_on,
        review_on=draft.review_on,
        made_at=at,
        made_by=by,
    )
    record(
        event="plan.made",
        subject=household,
        by=by,
        at=at,
        area=household.area_id,
        detail={"plan": str(plan.pk), "number": plan.number, "step": plan.step},
    )
    mark_changed(area_codes=[household.area_id])
    return plan


def _check(draft: PlanDraft, *, today: date) -> None:
    found: dict[str, list[str]] = {}
    if not draft.way_out.strip():
        found["way_out"] = ["ระบุทางออกที่ตกลงกับครัวเรือน"]
    if draft.support is Support.HOUSEHOLD and not draft.ways:
        found["ways"] = ["เลือกแนวทางพัฒนาครัวเรือนอย่างน้อยหนึ่งข้อ"]
    if draft.support is not Support.HOUSEHOLD and draft.ways:
        found["ways"] = [f"แนวทางมีเฉพาะเมื่อเลือก “{Support.HOUSEHOLD.label}” กรุณาเอาเครื่องหมายออก"]
    if draft.agreed_on > today:
        found["agreed_on"] = ["วันที่ตกลงต้องไม่เป็นวันในอนาคต"]
    if draft.review_on is not None and draft.review_on <= draft.agreed_on:
        found["review_on"] = ["วันทบทวนต้องอยู่หลังวันที่ตกลง"]
    if found:
        raise UnableToPlan("ข้อมูลไม่ถูกต้อง กรุณาแก้จุดที่ระบุ", fields=found)
