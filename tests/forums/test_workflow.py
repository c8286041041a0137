import pytest

from forums.workflow import (
    CODE_LENGTH,
    ENDED,
    FORUM_MOVES,
    MOVES,
    UNRESOLVED,
    Action,
    ForumState,
    Level,
    Sector,
    Status,
    actions_from,
    level_fits,
)


def test_every_action_has_its_move() -> None:
    assert set(MOVES) == set(Action)


def test_every_forum_state_has_its_moves() -> None:
    assert set(FORUM_MOVES) == set(ForumState)
    assert FORUM_MOVES[ForumState.PLANNED] == {ForumState.HELD, ForumState.CANCELLED}


@pytest.mark.parametrize(
    ("status", "actions"),
    [
        (Status.OPEN, (Action.PROGRESS, Action.FINISH, Action.DROP)),
        (Status.IN_PROGRESS, (Action.PROGRESS, Action.FINISH, Action.DROP)),
        (Status.DONE, (Action.REOPEN,)),
        (Status.DROPPED, (Action.REOPEN,)),
    ],
)
def test_what_can_be_done_with_a_resolution(status: Status, actions: tuple[Action, ...]) -> None:
    assert actions_from(status) == actions


def test_a_resolution_either_comes_back_or_has_ended() -> None:
    assert set(Status) == UNRESOLVED | ENDED
    assert not UNRESOLVED & ENDED


def test_giving_up_and_taking_back_need_a_reason() -> None:
    assert {action for action, move in MOVES.items() if move.needs} == {
        Action.PROGRESS,
        Action.DROP,
        Action.REOPEN,
    }


def test_the_five_sectors_are_counted() -> None:
    assert len(Sector) == 5


@pytest.mark.parametrize(
    ("level", "code", "fits"),
    [
        (Level.PROVINCE, "30", True),
        (Level.PROVINCE, "3032", False),
        (Level.DISTRICT, "3032", True),
        (Level.SUBDISTRICT, "303201", True),
        (Level.SUBDISTRICT, "30320101", False),
        (Level.UNIVERSITY, "30", True),
        (Level.UNIVERSITY, "303201", True),
    ],
)
def test_a_level_has_its_length_of_code(level: Level, code: str, fits: bool) -> None:
    assert level_fits(level, code) is fits


def test_a_university_has_no_length_of_its_own() -> None:
    assert Level.UNIVERSITY not in CODE_LENGTH
