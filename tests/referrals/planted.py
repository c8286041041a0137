"""A household of which every field says its own word, and what an agency may hear of it.

Words are letters that no page says by itself, so whatever is found was told.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from accounts.roles import Role
from forums import services as forums
from households import services as households
from households.models import AccessGrant, Household, Member, SourceListing
from households.workflow import ExitReason, Outcome, Stage
from problems.models import Problem
from problems.rules import ProblemCode, dimension_of
from problems.workflow import Origin
from referrals import services
from referrals.models import Referral
from referrals.workflow import AssistanceKind, ClosingReason, Result, Status, Urgency
from slf import services as slf
from slf.instrument import Group
from slf.workflow import Period
from tests.factories import DISTRICT, SUBDISTRICT, make_household, make_member, make_user
from tests.forums.cases import make_held, make_item
from tests.referrals.cases import Cast, make_photo
from tests.slf.cases import YEAR_BE, make_case

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
LETTERS = "bcdfghjklmnpqrstvwxz"


@dataclass
class Planted:
    """The words by name, which of them are the agency's to hear, and its officer."""

    asked: Cast = field(default_factory=Cast)
    other: Cast = field(default_factory=Cast)
    earlier: Cast = field(default_factory=Cast)
    office: User = field(default_factory=lambda: make_user(Role.PROVINCE_OFFICER))
    surveyor: User = field(default_factory=lambda: make_user(Role.SURVEYOR, SUBDISTRICT))
    words: dict[str, str] = field(default_factory=dict)
    allowed: set[str] = field(default_factory=set)

    def told(self, name: str) -> str:
        """Return a new word that the agency may hear."""
        self.allowed.add(name)
        return self.kept(name)

    def kept(self, name: str) -> str:
        """Return a new word that the agency must not hear."""
        number = len(self.words)
        return self.say(name, f"q{LETTERS[number // 20]}{LETTERS[number % 20]}qzx")

    def say(self, name: str, word: str) -> str:
        assert name not in self.words
        self.words[name] = word
        return word

    def heard_in(self, text: str) -> set[str]:
        plain = text.replace(",", "")
        return {name for name, word in self.words.items() if word in plain}


def plant() -> Planted:
    """Let one household go through everything, and others beside it."""
    planted = Planted()
    case = make_case(
        house_no=planted.told("house number"),
        village_name=planted.told("village name"),
        soi=planted.told("soi"),
        road=planted.told("road"),
        phone=planted.say("phone", "0899912345"),
        house_code=planted.say("house code", "30329987651"),
        lat=Decimal("14.912345"),
        lon=Decimal("102.354321"),
        stage=Stage.LISTED,
    )
    planted.allowed.add("phone")
    planted.say("latitude", "14.912345")
    planted.say("longitude", "102.354321")
    household = case.household
    child = _people(planted, case.members)
    _lists_and_visits(planted, household)
    household.refresh_from_db()
    _capitals(planted, household, case)
    _other_problem(planted, household)
    _own_referral(planted, household, child)
    _other_households(planted)
    return planted


def _people(planted: Planted, members: dict[str, Member]) -> Member:
    """Name head and child, whom the agency hears of, and two whom it does not."""
    names = {"M1": "head", "M2": "spouse", "M3": "child", "M4": "grandmother"}
    for key, who in names.items():
        say = planted.told if who in ("head", "child") else planted.kept
        Member.objects.filter(pk=members[key].pk).update(
            first_name=say(f"first name of {who}"),
            last_name=say(f"last name of {who}"),
            relation=planted.kept(f"relation of {who}"),
        )
        digits = members[key].citizen_id
        assert digits is not None
        planted.say(f"whole ID of {who}", digits)
    gone = make_member(
        members["M1"].household,
        first_name=planted.kept("who left"),
        left_on=TODAY,
        left_reason="moved",
    )
    assert gone.left_on == TODAY
    return members["M3"]


def _lists_and_visits(planted: Planted, household: Household) -> None:
    SourceListing.objects.create(household=household, source="tpmap", year_be=2551)
    planted.say("year of a list", "2551")
    common: dict[str, Any] = {"by": planted.surveyor, "at": AT}
    refused = households.record_verification(
        household=household,
        outcome=Outcome.NOT_POOR,
        visited_on=TODAY,
        reason=planted.kept("reason of a visit"),
        note=planted.kept("note of a visit"),
        **common,
    )
    households.retract_verification(
        verification=refused, reason=planted.kept("why a visit was taken back"), **common
    )
    households.record_verification(
        household=household,
        outcome=Outcome.POOR,
        visited_on=TODAY,
        reason="",
        note=planted.kept("note of the second visit"),
        **common,
    )
    proposal = households.propose_exit(
        household=Household.objects.get(pk=household.pk),
        reason=ExitReason.MOVED,
        note=planted.kept("note of an exit"),
        **common,
    )
    households.reject_exit(
        proposal=proposal, by=planted.office, at=AT, reason=planted.kept("why no exit")
    )
    households.reveal_citizen_id(
        member=household.members.get(is_head=True),
        reason=planted.kept("why an ID was looked at"),
        by=planted.office,
        at=AT,
    )


def _capitals(planted: Planted, household: Household, case: Any) -> None:
    amounts = case.amounts() | {
        "savings_thb": planted.say("savings", "4815162"),
        "income_thb_per_year": planted.say("income", "2342108"),
    }
    slf.record_assessment(
        household=household,
        year_be=YEAR_BE,
        round=1,
        period=Period.BEFORE,
        answers=case.answers(),
        amounts=amounts,
        by=planted.office,
        at=AT,
    )
    slf.override_group(
        household=household,
        group=Group.LOWER20,
        note=planted.kept("why another group"),
        by=planted.office,
        at=AT,
    )


def _problem(
    household: Household, planted: Planted, code: ProblemCode, need: str, *who: Member
) -> Problem:
    Problem.objects.filter(household=household, dimension=dimension_of(code)).delete()
    return slf.open_problem(
        household=household,
        code=code,
        origin=Origin.FIELD,
        opened_on=TODAY,
        members=who,
        need_text=need,
        by=planted.office,
        at=AT,
    )


def _other_problem(planted: Planted, household: Household) -> None:
    """Let another agency solve another problem of the same household."""
    cast = planted.other
    need = planted.kept("need of the other problem")
    problem = _problem(household, planted, ProblemCode.CHRONICALLY_ILL, need)
    referral = services.create_referral(
        problem=problem,
        agency=cast.agency,
        need=planted.kept("asked of the other agency"),
        by=planted.office,
        at=AT,
    )
    _through(planted, referral, cast, say=planted.kept, who="the other agency")
    services.check(
        referral=referral,
        problem_remains=False,
        checked_on=TODAY,
        note=planted.kept("check of the other agency's help"),
        by=planted.surveyor,
        at=AT,
    )


def _through(planted: Planted, referral: Referral, cast: Cast, *, say: Any, who: str) -> None:
    """Bring a referral from draft or rejected to helped, saying something at each step."""
    common: dict[str, Any] = {"referral": referral, "at": AT}
    officer: dict[str, Any] = common | {"by": cast.officer}
    services.submit(
        agency=cast.agency, note=say(f"note of asking {who}"), by=planted.office, **common
    )
    services.accept(expected_date=TODAY + timedelta(days=30), note=say(f"{who} accepts"), **officer)
    services.start(note=say(f"{who} begins"), **officer)
    given: dict[str, Any] = officer | {
        "kind": AssistanceKind.GOODS,
        "amount_thb": Decimal(100),
        "helped_on": TODAY,
    }
    mistaken = services.record_assistance(description=say(f"wrong help of {who}"), **given)
    services.record_assistance(description=say(f"help of {who}"), photos=[make_photo()], **given)
    services.retract_assistance(
        assistance=mistaken, reason=say(f"why {who} takes help back"), by=cast.officer, at=AT
    )
    services.report_help(result=Result.PARTLY, note=say(f"{who} reports"), **officer)


def _own_referral(planted: Planted, household: Household, child: Member) -> None:
    """Ask an agency that rejects it, then the one that looks; its help is not enough yet."""
    need = planted.told("need of the problem")
    problem = _problem(household, planted, ProblemCode.HOME_UNFIT, need, child)
    referral = services.create_referral(
        problem=problem,
        agency=planted.earlier.agency,
        urgency=Urgency.URGENT,
        need=planted.told("asked of the agency"),
        by=planted.office,
        at=AT,
    )
    services.submit(
        referral=referral,
        note=planted.kept("note of asking the earlier agency"),
        by=planted.office,
        at=AT,
    )
    services.reject(
        referral=referral,
        reason=planted.kept("why the earlier agency rejects"),
        by=planted.earlier.officer,
        at=AT,
    )
    _through(planted, referral, planted.asked, say=planted.told, who="the agency")
    services.check(
        referral=referral,
        problem_remains=True,
        checked_on=TODAY,
        note=planted.told("check of the agency's help"),
        by=planted.surveyor,
        at=AT,
    )
    Referral.objects.filter(pk=referral.pk).update(routing_reason=planted.kept("why this agency"))
    _resolve(planted, referral)


def _resolve(planted: Planted, referral: Referral) -> None:
    """Let a forum talk about the case."""
    forum = make_held(area_code=DISTRICT, title=planted.kept("title of a forum"))
    item = make_item(forum, planted.kept("on the agenda of a forum"))
    case = forums.take_up(forum=forum, referrals=[referral], by=planted.office, at=AT)[0]
    for about in (item, case):
        forums.record_resolution(
            agenda_item=about,
            text=planted.kept(f"resolution on {about.kind}"),
            owner_agency=planted.other.agency,
            due_on=TODAY,
            by=planted.office,
            at=AT,
        )


def _other_households(planted: Planted) -> None:
    """Make neighbours of whom the agency is to hear nothing, and one whom it helped lately."""
    make_member(first_name=planted.kept("who was never referred"), is_head=True)
    for status, who in (
        (Status.DRAFT, "a draft"),
        (Status.CANCELLED, "a referral called off"),
        (Status.CLOSED, "a referral closed long ago"),
    ):
        referral = _neighbour(
            planted, planted.kept(f"head of {who}"), planted.kept(f"need of {who}")
        )
        if status is not Status.DRAFT:
            services.submit(referral=referral, by=planted.office, at=AT)
        if status is Status.CANCELLED:
            services.cancel(referral=referral, reason=planted.kept("why"), by=planted.office, at=AT)
        if status is Status.CLOSED:
            _close(planted, referral)
            long_ago = AT - timedelta(days=2_000)
            Referral.objects.filter(pk=referral.pk).update(ended_at=long_ago)
            AccessGrant.objects.filter(reason=referral.number).update(valid_until=long_ago)
    moved = _neighbour(
        planted, planted.kept("head of a referral moved on"), planted.kept("need moved on")
    )
    services.submit(referral=moved, by=planted.office, at=AT)
    services.transfer(
        referral=moved,
        agency=planted.other.agency,
        reason=planted.kept("why it was moved on"),
        by=planted.office,
        at=AT,
    )
    _close(
        planted,
        _neighbour(planted, planted.told("head helped lately"), planted.told("need helped lately")),
    )


def _neighbour(planted: Planted, head: str, need: str) -> Referral:
    household = make_household(stage=Stage.VERIFIED_POOR)
    make_member(household, first_name=head, is_head=True)
    problem = _problem(household, planted, ProblemCode.HOME_UNFIT, "")
    return services.create_referral(
        problem=problem, agency=planted.asked.agency, need=need, by=planted.office, at=AT
    )


def _close(planted: Planted, referral: Referral) -> None:
    if referral.status == Status.DRAFT:
        services.submit(referral=referral, by=planted.office, at=AT)
    services.reject(referral=referral, reason="ไม่เข้าเกณฑ์", by=planted.asked.officer, at=AT)
    services.close(
        referral=referral, closing_reason=ClosingReason.NOT_ELIGIBLE, by=planted.office, at=AT
    )
