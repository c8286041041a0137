"""Plans agreed with households, and what they answered about their data."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from django.utils.timezone import localdate

from accounts.models import User
from demo.services.registering import worker_of
from households.models import Household
from households.services import ConsentDraft, record_consent
from households.workflow import Consent, LegalBasis, Stage
from plans.services import PlanDraft, make_plan
from plans.workflow import Prospect, Step, Support, Way

PLANNED = 24
"""Households that get a plan; every third of them a second version."""
REVIEW_DAYS = 90

# Each idea gets the day on which it is agreed.
_SOME_DAY = date.min
_IDEAS = (
    PlanDraft(
        attitude="อยากมีรายได้ของตนเอง ไม่อยากรอเบี้ยยังชีพอย่างเดียว",
        skills="ทอผ้าและจักสานได้ อยากเรียนขายออนไลน์",
        resources="มีที่ว่างข้างบ้านหนึ่งงาน ลูกหลานช่วยขนของได้",
        way_out="รวมกลุ่มทอผ้ากับเพื่อนบ้าน พัฒนาชุมชนช่วยหาตลาด เริ่มภายในเดือนหน้า",
        support=Support.HOUSEHOLD,
        ways=(Way.ABILITY, Way.FUND),
        step=Step.EARNING,
        prospect=Prospect.CAN_DEVELOP,
        agreed_on=_SOME_DAY,
    ),
    PlanDraft(
        attitude="ห่วงหลานที่ยังเรียนอยู่ ตั้งใจปลูกผักกินเองก่อน",
        skills="ปลูกผักและเลี้ยงไก่ได้",
        resources="มีบ่อน้ำตื้นและพื้นที่หลังบ้าน",
        way_out="ปลูกผักสวนครัวและเลี้ยงไก่ไข่ 10 ตัว เกษตรอำเภอสนับสนุนพันธุ์",
        support=Support.HOUSEHOLD,
        ways=(Way.INPUTS,),
        step=Step.SELF_RELIANT,
        prospect=Prospect.WITH_HELP,
        agreed_on=_SOME_DAY,
    ),
    PlanDraft(
        attitude="ต้องการคนช่วยดูแลผู้ป่วยติดเตียง",
        skills="",
        resources="อสม. และเพื่อนบ้านผลัดกันมาดู",
        way_out="พมจ. และ รพ.สต. เยี่ยมทุกเดือน ขอเบี้ยความพิการให้ครบ",
        support=Support.RELIEF,
        step=Step.SELF_RELIANT,
        prospect=Prospect.NEEDS_RELIEF,
        agreed_on=_SOME_DAY,
    ),
)


def plan(accounts: dict[str, User], random: Random, *, at: datetime) -> int:
    """Plan with some of the households found poor; return how many."""
    poor = Household.objects.filter(
        stage__in=[Stage.VERIFIED_POOR, Stage.IN_HELP], assessments__isnull=False
    ).distinct()
    chosen = list(poor.order_by("stage_date", "pk")[:PLANNED])
    for number, household in enumerate(chosen):
        by = worker_of(household, accounts)
        moment = at - timedelta(days=random.randrange(1, 20), hours=random.randrange(6))
        _agree(household, by=by, at=moment)
        idea = _IDEAS[number % len(_IDEAS)]
        _make(household, idea, number_seen=0, by=by, at=moment)
        if number % 3 == 0:
            _make(household, idea, number_seen=1, by=by, at=at - timedelta(hours=2))
    return len(chosen)


def _make(
    household: Household, idea: PlanDraft, *, number_seen: int, by: User, at: datetime
) -> None:
    on = localdate(at)
    make_plan(
        household=household,
        number_seen=number_seen,
        draft=replace(idea, agreed_on=on, review_on=on + timedelta(days=REVIEW_DAYS)),
        by=by,
        at=at,
    )


def _agree(household: Household, *, by: User, at: datetime) -> None:
    head = household.members.present().order_by("-is_head", "seq", "pk").first()
    record_consent(
        household=household,
        version=household.version,
        draft=ConsentDraft(
            answer=Consent.GIVEN,
            answered_on=localdate(at),
            informant=head.full_name if head else "สมาชิกในบ้าน",
            legal_basis=LegalBasis.PUBLIC_TASK,
            covers_sensitive=True,
            notice_version="คำชี้แจงฉบับที่ 1",
        ),
        by=by,
        at=at,
    )
