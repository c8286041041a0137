"""Rules about visits, problems, assessments and where a case stands."""

from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Window

from areas.querysets import within
from households.models import Household, SourceListing, Verification, VerificationPhoto
from households.workflow import Outcome, Source, Stage
from problems.models import Problem
from quality.rules.rule import Ask, Mend, Rule, Severity, Threshold
from referrals.models import Referral
from slf.models import Assessment
from slf.workflow import State

_THIS = OuterRef("pk")
_TARGETS = [Stage.VERIFIED_POOR, Stage.IN_HELP]
_LISTS_OF_THE_POOR = [Source.TPMAP, Source.THAIQM, Source.MISSED, Source.VULNERABLE]

_VERIFY = Mend("สอบทานครัวเรือน", "households:verify", "outcome_0")
_FILE = Mend("เปิดแฟ้มครัวเรือน", "casework:case-file")


def _visits() -> "QuerySet[Verification]":
    return Verification.objects.filter(household=_THIS, retracted_at__isnull=True)


def old_assessment(ask: Ask) -> "QuerySet[Household]":
    """Fit targets whose newest complete assessment is too old, or who have none."""
    since = ask.today - timedelta(days=ask.threshold)
    fresh = Assessment.objects.filter(household=_THIS, state=State.COMPLETE, assessed_on__gte=since)
    # Who was found poor lately is not late yet.
    return ask.households().filter(~Exists(fresh), stage__in=_TARGETS, stage_date__lt=since)


def poor_without_problem(ask: Ask) -> "QuerySet[Household]":
    problems = Problem.objects.filter(household=_THIS)
    return ask.households().filter(~Exists(problems), stage=Stage.VERIFIED_POOR)


def problem_without_need(ask: Ask) -> "QuerySet[Household]":
    bare = Problem.objects.open().filter(household=_THIS, need_text__isnull=True)
    return ask.households().filter(Exists(bare), stage__in=_TARGETS)


def gone_with_live_referral(ask: Ask) -> "QuerySet[Household]":
    live = Referral.objects.live().filter(household=_THIS)
    return ask.all_households().filter(Exists(live), stage=Stage.EXITED)


def stage_against_visit(ask: Ask) -> "QuerySet[Household]":
    """Fit targets whose newest standing verdict is not poor, or who were never found poor."""
    newest = (
        _visits()
        .filter(outcome__in=[Outcome.POOR, Outcome.NOT_POOR])
        .order_by("-recorded_at", "-pk")
        .values("outcome")[:1]
    )
    targets = ask.households().filter(stage__in=_TARGETS).alias(said=Subquery(newest))
    return targets.filter(Q(said__isnull=True) | ~Q(said=Outcome.POOR))


def never_verified(ask: Ask) -> "QuerySet[Household]":
    """Fit those on a list of the poor whom nobody has visited in so many days."""
    listed = SourceListing.objects.filter(household=_THIS, source__in=_LISTS_OF_THE_POOR)
    since = ask.today - timedelta(days=ask.threshold)
    return ask.households().filter(
        ~Exists(_visits()), Exists(listed), stage=Stage.LISTED, created_at__date__lt=since
    )


def visit_without_proof(ask: Ask) -> "QuerySet[Household]":
    """Fit whose newest visit found them poor and has neither photo nor position."""
    newest = (
        Verification.objects.filter(household=OuterRef("household"), retracted_at__isnull=True)
        .order_by("-recorded_at", "-pk")
        .values("pk")[:1]
    )
    photos = VerificationPhoto.objects.filter(verification=OuterRef("pk"))
    bare = Verification.objects.filter(
        ~Exists(photos),
        household=_THIS,
        pk=Subquery(newest),
        outcome=Outcome.POOR,
        lat__isnull=True,
    )
    return ask.households().filter(Exists(bare), stage__in=_TARGETS)


def too_many_a_day(ask: Ask) -> "QuerySet[Household]":
    """Fit whose visit is one of more in a day than one surveyor can make."""
    hurried = (
        Verification.objects.filter(
            within([ask.province], column="household__area_id"), retracted_at__isnull=True
        )
        .annotate(that_day=Window(Count("pk"), partition_by=[F("recorded_by"), F("visited_on")]))
        .filter(that_day__gt=ask.threshold)
    )
    return ask.households().filter(pk__in=hurried.values("household"))


WORK = (
    Rule(
        code="old-assessment",
        title="เป้าหมายที่ไม่มีผลประเมินทุนล่าสุด",
        why="แผนช่วยเหลือและการพ้นเป้าหมายใช้คะแนนเก่าไม่ได้",
        severity=Severity.MINOR,
        mend=Mend("ประเมินทุน", "slf:assess"),
        find=old_assessment,
        threshold=Threshold("เกิน", 365, "วัน", 30, 1_500),
    ),
    Rule(
        code="poor-no-problem",
        title="จนจริงแต่ยังไม่มีปัญหาที่บันทึก",
        why="ไม่มีปัญหาก็ส่งต่อหน่วยงานไม่ได้",
        severity=Severity.SERIOUS,
        mend=Mend("เพิ่มปัญหา", "slf:problem-new"),
        find=poor_without_problem,
    ),
    Rule(
        code="problem-no-need",
        title="ปัญหาที่ไม่ได้เขียนความต้องการ",
        why="หน่วยงานไม่รู้ว่าครัวเรือนต้องการอะไร",
        severity=Severity.MINOR,
        mend=_FILE,
        find=problem_without_need,
    ),
    Rule(
        code="gone-live-referral",
        title="พ้นเป้าหมายแล้วแต่ยังมีเรื่องส่งต่อค้าง",
        why="หน่วยงานยังทำเรื่องของครัวเรือนที่ไม่อยู่ในเป้าหมาย",
        severity=Severity.SERIOUS,
        mend=_FILE,
        find=gone_with_live_referral,
    ),
    Rule(
        code="stage-against-visit",
        title="สถานะไม่ตรงกับผลสอบทาน",
        why="เป็นเป้าหมายทั้งที่ผลสอบทานล่าสุดไม่ได้บอกว่าจน",
        severity=Severity.SERIOUS,
        mend=_VERIFY,
        find=stage_against_visit,
    ),
    Rule(
        code="never-verified",
        title="อยู่ในบัญชีคนจนแต่ไม่มีใครไปสอบทาน",
        why="คนจนจริงรอความช่วยเหลืออยู่ หรือบัญชีรั่วไหลโดยไม่มีใครรู้",
        severity=Severity.SERIOUS,
        mend=_VERIFY,
        find=never_verified,
        threshold=Threshold("เกิน", 180, "วันนับจากเข้าทะเบียน", 7, 1_500),
    ),
    Rule(
        code="visit-without-proof",
        title="สอบทานว่าจนโดยไม่มีรูปและพิกัด",
        why="ตรวจย้อนหลังไม่ได้ว่าไปถึงบ้านจริง",
        severity=Severity.MINOR,
        mend=_VERIFY,
        find=visit_without_proof,
    ),
    Rule(
        code="too-many-a-day",
        title="ผู้สำรวจหนึ่งคนสอบทานมากผิดปกติในวันเดียว",
        why="อาจไม่ได้ไปถึงบ้านทุกหลัง ควรสุ่มเยี่ยมซ้ำ",
        severity=Severity.SERIOUS,
        mend=_VERIFY,
        find=too_many_a_day,
        compares=True,
        threshold=Threshold("เกิน", 40, "ครัวเรือนต่อวัน", 5, 500),
    ),
)
