import sys

from ppaos.lib.turns import short_turns


def test_turns_are_short_for_a_while() -> None:
    usual = sys.getswitchinterval()
    with short_turns():
        assert sys.getswitchinterval() < usual

    assert sys.getswitchinterval() == usual


def test_who_came_last_does_not_leave_them_short() -> None:
    usual = sys.getswitchinterval()
    one, other = short_turns(), short_turns()
    one.__enter__()
    other.__enter__()
    one.__exit__(None, None, None)
    assert sys.getswitchinterval() < usual
    other.__exit__(None, None, None)
    assert sys.getswitchinterval() == usual
