import sys

from ppaos.lib.turns import short_turns


def test_turns_are_short_for_a_while() -> None:
    usual = sys.getswitchinterval()
    with short_turns():
        assert sys.getswitchinterval() < usual

    assert sys.getswitchinterval() == usual
