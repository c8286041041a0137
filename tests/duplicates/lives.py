"""What else happened to a household: answers, moves, visits, sittings, checks, exits."""

from datetime import timedelta

from fieldwork.models import BackCheck, BackCheckDraw
from forums.models import AgendaItem, Forum, Resolution, ResolutionEvent
from forums.workflow import Format, ItemKind, Level
from households.models import (
    ConsentRecord,
    Exit,
    Household,
    HouseholdMove,
    Member,
    MemberMove,
    ProtectedAccess,
    RelapseCheck,
    SourceListing,
    Verification,
    VerificationPhoto,
)
from households.workflow import (
    Consent,
    ExitReason,
    ExitState,
    LegalBasis,
    MoveReason,
    MoveState,
    Stage,
)
from quality.models import Exemption
from referrals.models import OutcomeCheck, Referral, ReferralEvent
from slf.models import Assessment, AssessmentRevision
from tests.duplicates.cases import AT, DAY, Maker, photo
from tests.factories import DISTRICT, VILLAGE, make_member


def live_on(maker: Maker, household: Household) -> None:
    """Let more happen to a household that the maker made."""
    _answers(maker, household)
    _moves(maker, household)
    _protection(maker, household)
    _visits(maker, household)
    _sittings(maker, household)
    _checks(maker, household)
    _exits(maker, household)


def share_people(maker: Maker, one: Household, other: Household) -> None:
    """Let people stand in both households, as those do who were written down twice."""
    for member in Member.objects.filter(household=one).order_by("pk"):
        if not maker.some(0.4):
            continue
        has_left = member.left_on is not None
        # Nobody lives in two places under one ID.
        is_free = not Member.objects.present().filter(citizen_id_index=member.citizen_id_index)
        twin = make_member(
            other,
            seq=other.members.count() + 1,
            citizen_id=member.citizen_id if is_free and maker.some() else None,
            title=member.title,
            first_name=member.first_name,
            last_name=member.last_name,
            birth_date=member.birth_date,
            birth_year=member.birth_year,
            sex=member.sex,
        )
        SourceListing.objects.create(
            household=other, member=twin, source="tpmap", year_be=2567, is_mpi_poor=True
        )
        if has_left and maker.some():
            _member_move(maker, member, twin)


def _member_move(maker: Maker, before: Member, after: Member) -> None:
    MemberMove.objects.create(
        member_before=before,
        member_after=after,
        moved_on=DAY,
        recorded_at=AT,
        recorded_by=maker.by,
    )


def _answers(maker: Maker, household: Household) -> None:
    for number in range(maker.random.randrange(3)):
        given = maker.some(0.7)
        ConsentRecord.objects.create(
            household=household,
            answer=Consent.GIVEN if given else Consent.REFUSED,
            answered_on=DAY - timedelta(days=number),
            informant="หัวหน้าครัวเรือน",
            legal_basis=LegalBasis.CONSENT if given else LegalBasis.PUBLIC_TASK,
            covers_sensitive=given,
            notice_version="1",
            note=maker.pick(None, "ที่บ้าน"),
            recorded_at=AT - timedelta(days=number),
            recorded_by=maker.by,
        )
        household.consent = Consent.GIVEN if given else Consent.REFUSED
        household.consent_date = DAY - timedelta(days=number)
    household.save(update_fields=["consent", "consent_date"])


def _moves(maker: Maker, household: Household) -> None:
    for number in range(maker.random.randrange(3)):
        HouseholdMove.objects.create(
            household=household,
            reason=MoveReason.MOVED,
            note=maker.pick(None, "ย้ายตามลูก"),
            state=maker.pick(MoveState.DONE, MoveState.WITHDRAWN),
            moved_on=DAY - timedelta(days=number),
            from_area_id="30320102",
            to_area_id=VILLAGE,
            place_before={"house_no": "1"},
            asked_at=AT,
            asked_by=maker.by,
            decided_at=AT,
            decided_by=maker.by,
        )
    living = list(household.members.filter(left_on__isnull=True).order_by("pk"))
    gone = list(household.members.filter(left_on__isnull=False).order_by("pk"))
    if living and gone and maker.some():
        _member_move(maker, gone[0], living[-1])
    if len(living) > 1 and maker.some():
        Member.objects.filter(pk=living[-1].pk).update(parent=living[0])


def _protection(maker: Maker, household: Household) -> None:
    if not maker.some(0.3):
        return
    for ended in (AT, None):
        ProtectedAccess.objects.create(
            household=household,
            user=maker.by,
            reason="ดูแล",
            granted_at=AT,
            granted_by=maker.by,
            ended_at=ended,
            ended_by=maker.by if ended else None,
        )


def _visits(maker: Maker, household: Household) -> None:
    for visit in Verification.objects.filter(household=household).order_by("pk"):
        if maker.some(0.4):
            VerificationPhoto.objects.create(verification=visit, file=photo(maker.by))
        if maker.some(0.4):
            drawing = BackCheckDraw.objects.create(
                area_id=DISTRICT,
                seed="1",
                visited_from=DAY,
                visited_to=DAY,
                drawn_at=AT,
                drawn_by=maker.by,
            )
            BackCheck.objects.create(
                drawn_in=drawing, verification=visit, checker=maker.by, due_on=DAY
            )
        if maker.some(0.2):
            Verification.objects.filter(pk=visit.pk).update(
                retracted_at=AT, retracted_by=maker.by, retracted_reason="บันทึกผิดหลัง"
            )


def _sittings(maker: Maker, household: Household) -> None:
    for referral in Referral.objects.filter(household=household).order_by("pk"):
        for action, status in (("create", "draft"), ("submit", "submitted")):
            ReferralEvent.objects.create(
                referral=referral, action=action, to_status=status, at=AT, by=maker.by
            )
        if maker.some(0.4):
            OutcomeCheck.objects.create(
                referral=referral,
                checked_on=DAY,
                problem_remains=maker.some(),
                note="ไปดูแล้ว",
                recorded_at=AT,
                checked_by=maker.by,
            )
        if maker.some(0.5):
            _sitting(maker, referral)


def _sitting(maker: Maker, referral: Referral) -> None:
    forum = Forum.objects.create(
        title="เวทีแก้จนทดสอบ",
        format=Format.WORKING,
        level=Level.DISTRICT,
        area_id=DISTRICT,
        held_on=DAY,
        place="หอประชุม",
        organiser="ศจพ. ทดสอบ",
        planned_at=AT,
        planned_by=maker.by,
    )
    item = AgendaItem.objects.create(
        forum=forum,
        position=1,
        kind=ItemKind.REFERRAL,
        title="ซ่อมบ้าน",
        referral=referral,
        added_at=AT,
        added_by=maker.by,
    )
    resolution = Resolution.objects.create(
        forum=forum,
        agenda_item=item,
        referral=referral,
        number=1,
        text="ให้ลงพื้นที่",
        owner="นายอำเภอ",
        due_on=DAY,
        recorded_at=AT,
        recorded_by=maker.by,
    )
    ResolutionEvent.objects.create(
        resolution=resolution, action="record", to_status="open", at=AT, by=maker.by
    )


def _checks(maker: Maker, household: Household) -> None:
    for subject in (household, *household.members.all()):
        if maker.some(0.3):
            Exemption.objects.create(
                rule="no_birth",
                household=household,
                subject=subject.pk,
                subject_version=subject.version,
                reason="ไม่มีเอกสาร",
                made_at=AT,
                made_by=maker.by,
            )
    for made in Assessment.objects.filter(household=household).order_by("pk"):
        if maker.some(0.3):
            AssessmentRevision.objects.create(
                assessment=made,
                number=1,
                answers={"a1": 1},
                amounts={},
                results={},
                saved_by=maker.by,
                saved_at=AT,
                reason="แก้คำตอบ",
            )


def _exits(maker: Maker, household: Household) -> None:
    """Some left once and came back; some have left, and are looked at again."""
    if maker.some(0.3):
        back = _exit(maker, household, ExitState.REVOKED)
        RelapseCheck.objects.create(
            exit=back,
            due_on=DAY,
            checked_on=DAY,
            fell_back=True,
            note="กลับมา",
            recorded_at=AT,
            recorded_by=maker.by,
        )


def let_leave(maker: Maker, household: Household) -> None:
    """Let the household leave the targets, with the papers of it."""
    _exit(maker, household, ExitState.APPROVED)
    household.stage, household.stage_date = Stage.EXITED, DAY
    household.save(update_fields=["stage", "stage_date"])


def _exit(maker: Maker, household: Household, state: ExitState) -> Exit:
    is_revoked = state is ExitState.REVOKED
    return Exit.objects.create(
        household=household,
        reason=ExitReason.GRADUATED,
        state=state,
        stage_before=Stage.IN_HELP,
        stage_date_before=DAY,
        proposed_at=AT,
        proposed_by=maker.by,
        decided_at=AT,
        decided_by=maker.by,
        relapse_check_on=None if is_revoked else DAY,
        revoked_at=AT if is_revoked else None,
        revoked_by=maker.by if is_revoked else None,
        revoked_reason="กลับมายากจน" if is_revoked else "",
    )
