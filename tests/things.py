"""Objects of the village 30320101, each with the arguments of the URL that shows it."""

import io
import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from accounts.models import User
from accounts.roles import Role
from accounts.services import issue_token
from casework.services import save_view
from duplicates import services as duplicates
from duplicates.models import Candidate
from duplicates.workflow import Clue, Kind
from fieldwork.models import BackCheck
from fieldwork.services import record_back_check
from files.models import Purpose
from files.services import store
from forums import services as forums
from households.models import Exit, Household, HouseholdMove
from households.services import (
    Place,
    Proof,
    approve_exit,
    move_household,
    move_members,
    propose_exit,
    protect_household,
    record_verification,
)
from households.workflow import ExitReason, MoveReason, Outcome, Stage
from imports.models import ImportBatch, ImportRow, seal_payload
from imports.workflow import State, Verdict
from problems.rules import ProblemCode
from problems.workflow import Origin
from quality.models import Exemption
from referrals.models import AssistancePhoto
from referrals.workflow import Status
from slf import services as slf
from slf.models import Assessment
from slf.workflow import Period
from tests.factories import (
    DISTRICT,
    PROVINCE,
    SUBDISTRICT,
    VILLAGE,
    make_agency,
    make_household,
    make_member,
    make_scope,
    make_user,
)
from tests.fieldwork.cases import LATER as AFTER
from tests.fieldwork.cases import assigned, drawn, visited
from tests.forums.cases import make_forum, make_held, make_item, make_resolution
from tests.referrals.cases import Cast, give_help, make_photo, make_referral, make_rule
from tests.slf.cases import YEAR_BE, Case, make_case

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def a_user() -> dict[str, Any]:
    return {"pk": make_user(Role.SURVEYOR, SUBDISTRICT).pk}


def a_scope() -> dict[str, Any]:
    return {"pk": make_scope(make_user(), Role.SURVEYOR, SUBDISTRICT).pk}


def an_agency() -> dict[str, Any]:
    return {"pk": make_agency(area_id=SUBDISTRICT).pk}


def a_token() -> dict[str, Any]:
    owner = make_user(Role.SURVEYOR, SUBDISTRICT)
    return {"pk": issue_token(user=owner, by=owner, at=AT).row.pk}


def a_saved_view() -> dict[str, Any]:
    owner = make_user(Role.SURVEYOR, SUBDISTRICT)
    chosen = {"stage": "listed"}
    view = save_view(name="รอสอบทาน", chosen=chosen, is_shared=False, by=owner, at=AT)
    return {"pk": view.pk}


def a_household() -> dict[str, Any]:
    return {"pk": make_household().pk}


def a_row_of_a_rule() -> dict[str, Any]:
    """A person without an ID, for whom nobody said why."""
    return {"rule": "no-id", "pk": make_member(citizen_id=None).pk}


def an_exemption() -> dict[str, Any]:
    member = make_member(citizen_id=None)
    found = Exemption.objects.create(
        rule="no-id",
        household=member.household,
        subject=member.pk,
        subject_version=member.version,
        reason="ตรวจแล้ว",
        made_at=AT,
        made_by=make_user(Role.SURVEYOR, SUBDISTRICT),
    )
    return {"pk": found.pk}


def a_household_and_verification() -> dict[str, Any]:
    household = make_household()
    found = record_verification(
        household=household,
        outcome=Outcome.NOT_POOR,
        visited_on=date(2026, 11, 20),
        reason="เยี่ยมแล้ว",
        by=make_user(Role.SURVEYOR, SUBDISTRICT),
        at=AT,
    )
    return {"pk": household.pk, "verification_pk": found.pk}


def a_household_and_exit() -> dict[str, Any]:
    found = a_household_and_verification()
    return {"pk": found["pk"], "exit_pk": Exit.objects.get(household=found["pk"]).pk}


def an_exit() -> dict[str, Any]:
    return {"pk": a_household_and_exit()["exit_pk"]}


def a_household_and_member() -> dict[str, Any]:
    household = make_household()
    return {"pk": household.pk, "member_pk": make_member(household).pk}


_A_TABLE: dict[str, Any] = {
    "sheet": None,
    "header_line": 1,
    "headers": ["ชื่อ"],
    "lines_counted": 1,
    "guess": {"profile": "tpmap", "headers": ["ชื่อ"], "columns": {"first_name": 0}},
    "is_certain": True,
    "questions": [],
}


def an_import() -> dict[str, Any]:
    """A staged file of the village with one held line, uploaded by somebody of another office."""
    uploader = make_user(Role.IMPORT_ADMIN, PROVINCE)
    file = store(
        stream=io.BytesIO(b"invented"),
        name="list.csv",
        purpose=Purpose.IMPORT,
        content_type="text/csv",
        by=uploader,
        at=AT,
    )
    batch = ImportBatch.objects.create(
        state=State.STAGED,
        source="tpmap",
        year_be=2567,
        file=file,
        sha256=f"{next(_numbers):064x}",
        scope_codes=["30320101"],
        layout={"parts": [_A_TABLE]},
        mapping=[_A_TABLE["guess"]],
        rows_read=1,
        lines_counted=1,
        held=1,
        uploaded_by=uploader,
        uploaded_at=AT,
    )
    ImportRow.objects.create(
        batch=batch,
        row=2,
        verdict=Verdict.HELD,
        codes=["H_NO_HOUSE"],
        payload=seal_payload({"raw": [], "normalised": {}, "notes": []}, batch_id=batch.pk, row=2),
    )
    return {"pk": batch.pk}


def an_import_row() -> dict[str, Any]:
    return {**an_import(), "number": 2}


def an_import_row_by_number() -> dict[str, Any]:
    return {**an_import(), "row": 2}


# ---- assessments and problems ----------------------------------------------------------
def a_household_with_reference() -> dict[str, Any]:
    return {"pk": make_case().household.pk}


def a_draft_assessment() -> dict[str, Any]:
    case = make_case()
    draft = slf.start_assessment(household=case.household, year_be=YEAR_BE, by=_officer(), at=AT)
    return {"pk": case.household.pk, "assessment_pk": draft.pk, "step": "physical"}


def a_complete_assessment() -> dict[str, Any]:
    case = make_case()
    return {"pk": case.household.pk, "assessment_pk": _complete(case).pk}


def a_revision() -> dict[str, Any]:
    return a_complete_assessment() | {"number": 1}


def a_grouped_household() -> dict[str, Any]:
    return {"pk": a_complete_assessment()["pk"]}


def a_problem() -> dict[str, Any]:
    household = make_household(stage=Stage.VERIFIED_POOR)
    problem = slf.open_problem(
        household=household,
        code=ProblemCode.CHRONICALLY_ILL,
        origin=Origin.FIELD,
        opened_on=date(2026, 11, 20),
        by=_officer(),
        at=AT,
    )
    return {"pk": household.pk, "problem_pk": problem.pk}


def _officer() -> User:
    return make_user(Role.DISTRICT_OFFICER, DISTRICT)


def _complete(case: Case) -> Assessment:
    return slf.record_assessment(
        household=case.household,
        year_be=YEAR_BE,
        round=1,
        period=Period.BEFORE,
        answers=case.answers(),
        amounts=case.amounts(),
        by=_officer(),
        at=AT,
    )


# ---- referrals ---------------------------------------------------------------------------
def a_referral(status: Status = Status.SUBMITTED) -> Callable[[], dict[str, Any]]:
    """Return a maker of referrals that stand there."""
    return lambda: {"pk": make_referral(status).pk}


def a_referral_and_assistance() -> dict[str, Any]:
    """Help given with a photo, in a referral in progress."""
    cast = Cast()
    referral = make_referral(Status.IN_PROGRESS, cast=cast)
    given = give_help(referral, cast.officer, photos=[make_photo()])
    return {"pk": referral.pk, "assistance_pk": given.pk}


def a_referral_and_photo() -> dict[str, Any]:
    made = a_referral_and_assistance()
    photo = AssistancePhoto.objects.get(assistance=made["assistance_pk"])
    return {"pk": made["pk"], "photo_pk": photo.pk}


def a_problem_of_household() -> dict[str, Any]:
    """The household of an open problem."""
    return {"pk": a_problem()["pk"]}


def an_assistance() -> dict[str, Any]:
    return {"pk": a_referral_and_assistance()["assistance_pk"]}


def a_photo_of_help() -> dict[str, Any]:
    return {"pk": AssistancePhoto.objects.get(assistance=an_assistance()["pk"]).pk}


def a_routing_rule() -> dict[str, Any]:
    return {"pk": make_rule().pk}


# ---- duplicates ------------------------------------------------------------------------
def a_candidate() -> dict[str, Any]:
    """Two people of two households, of one name and without IDs."""
    two = sorted(
        (make_member(citizen_id=None, last_name="ทดสอบซ้ำ") for _ in range(2)),
        key=lambda member: member.pk,
    )
    made = Candidate.objects.create(
        kind=Kind.PERSON,
        one=two[0].pk,
        other=two[1].pk,
        score=88,
        clues=[Clue.SAME_NAME.value],
        mark_one=b"1",
        mark_other=b"2",
        found_at=AT,
    )
    return {"pk": made.pk}


def a_merge() -> dict[str, Any]:
    """Two households of the village that became one."""
    merge = duplicates.merge_households(
        survivor=make_household(),
        merged=make_household(),
        versions=(1, 1),
        choices={},
        pairs=[],
        reason="บ้านเดียวกัน",
        by=make_user(Role.DISTRICT_OFFICER, DISTRICT),
        at=AT,
    )
    return {"pk": merge.pk}


# ---- field work --------------------------------------------------------------------------
def a_village() -> dict[str, Any]:
    make_household()
    return {"code": VILLAGE}


def a_worker() -> dict[str, Any]:
    """Somebody with a household to visit."""
    surveyor = make_user(Role.SURVEYOR, SUBDISTRICT)
    assigned(make_household(), surveyor)
    return {"pk": surveyor.pk}


def a_back_check() -> dict[str, Any]:
    """Drawn, and asked of somebody."""
    return {"pk": drawn(visited(make_household(), make_user(Role.SURVEYOR, SUBDISTRICT))).pk}


def a_disputed_back_check() -> dict[str, Any]:
    check = BackCheck.objects.get(pk=a_back_check()["pk"])
    assert check.checker is not None
    record_back_check(
        check=check,
        outcome=Outcome.REFUSED,
        visited_on=AFTER.date(),
        reason="ไม่ให้ข้อมูล",
        by=check.checker,
        at=AFTER,
    )
    return {"pk": check.pk}


def an_approved_exit() -> dict[str, Any]:
    household = make_household(stage=Stage.IN_HELP)
    proposal = propose_exit(
        household=household,
        reason=ExitReason.GRADUATED,
        note="",
        proof=Proof(evidence={"criteria": []}, rule_version=1),
        by=make_user(Role.SURVEYOR, SUBDISTRICT),
        at=AT,
    )
    approve_exit(proposal=proposal, by=make_user(Role.PROVINCE_OFFICER, PROVINCE), at=AT)
    return {"pk": proposal.pk}


def a_photo_of_a_visit() -> dict[str, Any]:
    household = make_household()
    verification = record_verification(
        household=household,
        outcome=Outcome.POOR,
        visited_on=date(2026, 11, 20),
        photos=[make_photo()],
        by=make_user(Role.SURVEYOR, SUBDISTRICT),
        at=AT,
    )
    photo = verification.photos.get()
    return {"pk": household.pk, "verification_pk": verification.pk, "photo_pk": photo.pk}


# ---- forums ----------------------------------------------------------------------------
def a_forum() -> dict[str, Any]:
    """Planned, of the district."""
    return {"pk": make_forum().pk}


def a_forum_and_item() -> dict[str, Any]:
    forum = make_forum()
    return {"pk": forum.pk, "item_pk": make_item(forum).pk}


def a_held_forum_and_item() -> dict[str, Any]:
    forum = make_held()
    return {"pk": forum.pk, "item_pk": make_item(forum).pk}


def a_resolution() -> dict[str, Any]:
    return {"pk": make_resolution().pk}


def an_ended_resolution() -> dict[str, Any]:
    resolution = make_resolution()
    by = make_user(Role.PROVINCE_OFFICER, PROVINCE)
    forums.finish_resolution(resolution=resolution, by=by, at=AT)
    return {"pk": resolution.pk}


def a_household_and_move() -> dict[str, Any]:
    """A household that was asked to go to the next province, and still stands here."""
    household = make_household()
    by = make_user(Role.DISTRICT_OFFICER, DISTRICT)
    move = _ask(household, "310101", by)
    return {"pk": household.pk, "move_pk": move.pk}


def an_incoming_move() -> dict[str, Any]:
    """Somebody of the next province asks that the village takes a household in."""
    household = make_household(area_id="310101")
    return {"pk": _ask(household, VILLAGE, make_user(Role.DISTRICT_OFFICER, "3101")).pk}


def _ask(household: Household, to: str, by: User) -> HouseholdMove:
    return move_household(
        household=household,
        version=household.version,
        to=Place(area_code=to, house_no="7"),
        reason=MoveReason.MOVED,
        moved_on=AT.date(),
        by=by,
        at=AT,
    )


def a_household_and_member_move() -> dict[str, Any]:
    old, new = make_household(), make_household()
    make_member(old, is_head=True)
    (move,) = move_members(
        members=[make_member(old)],
        version=old.version,
        to=new,
        moved_on=AT.date(),
        by=make_user(Role.SURVEYOR, SUBDISTRICT),
        at=AT,
    )
    return {"pk": old.pk, "move_pk": move.pk}


def a_household_and_access() -> dict[str, Any]:
    household = make_household()
    by = make_user(Role.PROVINCE_OFFICER, PROVINCE)
    protect_household(household=household, reason="มีผู้ตามหา", by=by, at=AT)
    return {"pk": household.pk, "access_pk": household.protected_access.get().pk}
