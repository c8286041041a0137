"""A household that is written down twice, so that somebody may find out."""

from datetime import datetime

from django.db.models import Count, Q
from django.utils.timezone import localdate

from accounts.models import User
from demo.services.registering import SURVEYED
from households.models import Household, Member
from households.services import (
    HouseholdDraft,
    MemberDraft,
    as_name,
    register_household,
    search_households,
)
from households.workflow import Stage
from ppaos.orm import uuid7


def write_down_twice(surveyor: User, *, at: datetime) -> int:
    """Add a household that is there already, its people without an ID; return how many."""
    living = Count("members", filter=Q(members__left_on__isnull=True))
    here = Household.objects.in_area(SURVEYED).filter(stage=Stage.VERIFIED_POOR, moves=None)
    household = (
        here.filter(is_protected=False)
        .annotate(living=living)
        .filter(living__in=(2, 3))
        .order_by("stage_date", "pk")
        .first()
    )
    if household is None:
        return 0
    people = list(Member.objects.present().filter(household=household).order_by("-is_head", "pk"))
    search_id = uuid7()
    search_households(
        wanted=as_name(f"{people[0].first_name} {people[0].last_name}"),
        by=surveyor,
        at=at,
        search_id=search_id,
    )
    draft = HouseholdDraft(
        area_code=household.area_id,
        house_no=household.house_no,
        consent_date=localdate(at),
        members=tuple(_without_id(member, is_head=member == people[0]) for member in people),
    )
    register_household(draft=draft, by=surveyor, at=at, search_id=search_id)
    return 1


def _without_id(member: Member, *, is_head: bool) -> MemberDraft:
    return MemberDraft(
        title=member.title,
        first_name=member.first_name,
        last_name=member.last_name,
        no_id_reason="ไม่ได้พกบัตรในวันที่สำรวจ",
        birth_date=member.birth_date,
        birth_year=None if member.birth_date else member.birth_year,
        sex=member.sex,
        relation="" if is_head else member.relation,
        is_head=is_head,
    )
