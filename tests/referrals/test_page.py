"""docs/reference/referrals.md is made from the table of moves, the terms and the reasons."""

import os
from collections.abc import Iterable
from pathlib import Path

from referrals.services import DEFAULT_DAYS
from referrals.services.closing import RESOLVING
from referrals.services.moving import EVENTS
from referrals.workflow import MOVES, Action, Actor, ClosingReason, Fact, Status, Urgency

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "referrals.md"


def in_words() -> str:
    return "\n".join([*_head(), *_statuses(), *_moves(), *_terms(), *_reasons()]) + "\n"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    names = list(head)
    lines = [names, ["---"] * len(names), *map(list, rows)]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def _head() -> list[str]:
    return [
        "# The life of a referral",
        "",
        "Made from referrals/workflow.py, which the services look up and",
        "tests/referrals/test_page.py holds against this page. No official specification of",
        "these states was found: they are a default of this system.",
        "",
    ]


def _statuses() -> list[str]:
    rows = [(f"`{status.value}`", status.label) for status in Status]
    return ["## Statuses", "", *_table(("status", "ภาษาไทย"), rows), ""]


def _moves() -> list[str]:
    rows = [
        (
            f"`{move.action.value}` {move.action.label}",
            ", ".join(f"`{s.value}`" for s in Status if s in move.sources),
            f"`{move.to.value}`",
            move.actor.label,
            "; ".join(fact.label for fact in move.needs) or "–",
            f"`{EVENTS[move.action]}`",
        )
        for move in MOVES
    ]
    return [
        "## Moves",
        "",
        "Every other move is refused. Whoever saw an older state of the referral is refused too,",
        "and told who moved it.",
        "",
        *_table(("move", "from", "to", "by", "needs", "in the trail"), rows),
        "",
        f"- {_code(Action.ACCEPT)} from {_code(Status.SUBMITTED)} writes "
        f"{_code(Action.RECEIVE)} on the way.",
        f"- {_code(Action.CHECK)} goes on at once: {_code(Action.CLOSE)} if the problem is gone, "
        f"{_code(Action.REOPEN)} if it remains.",
        f"- {_code(Action.TRANSFER)} cancels, and sends a new referral linked to the old one.",
        f"- {_code(Status.REJECTED)} is sent again to another agency only; "
        f"{_code(Action.REOPEN)} needs an agency that had accepted.",
        f"- A draft is cancelled by who made it, without the right of {Actor.STAFF.label}.",
        "",
    ]


def _code(name: Action | Status) -> str:
    return f"`{name.value}`"


def _terms() -> list[str]:
    rows = [
        (f"`{status.value}` {status.label}", *(str(days[urgency]) for urgency in Urgency))
        for status, days in DEFAULT_DAYS.items()
    ]
    return [
        "## Working days allowed",
        "",
        "Defaults, which a province may change (a new version each time). They count from the",
        "day of the move, without weekends and the holidays that were entered. Beginning the",
        "work gives no more days.",
        "",
        *_table(("in status", *(urgency.label for urgency in Urgency)), rows),
        "",
    ]


def _reasons() -> list[str]:
    rows = [
        (f"`{reason.value}`", reason.label, "yes" if reason in RESOLVING else "no")
        for reason in ClosingReason
    ]
    return [
        "## Reasons to close",
        "",
        *_table(("reason", "ภาษาไทย", "resolves the problem"), rows),
    ]


def test_the_page_about_referrals_is_current() -> None:
    page = in_words()
    if os.environ.get("PPAOS_WRITE_DOCS") == "1":
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, (
        "run: PPAOS_WRITE_DOCS=1 python3 manage.py test tests/referrals/test_page.py"
    )


def test_the_page_names_every_status_action_and_fact() -> None:
    page = in_words()
    for word in [*Status, *Action, *ClosingReason]:
        assert f"`{word.value}`" in page
    for fact in {fact for move in MOVES for fact in move.needs}:
        assert fact.label in page
    assert {fact for move in MOVES for fact in move.needs} == set(Fact)
