"""Sealed blobs open only where they belong; indexes are stable per key and purpose."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppaos.lib.crypto import (
    OVERHEAD_BYTES,
    Keyring,
    UnableToReadKeys,
    UnableToUnseal,
    key_version,
)

SECRETS = {version: bytes([version]) * 32 for version in (1, 2, 3)}


def setting(*versions: int) -> str:
    return ",".join(f"{v}:{base64.b64encode(SECRETS[v]).decode()}" for v in versions)


KEYRING = Keyring.parse(setting(2, 1))
OLD = Keyring.parse(setting(1))


@given(plain=st.binary(max_size=300), context=st.text(max_size=40))
def test_what_is_sealed_can_be_read_in_its_context(plain: bytes, context: str) -> None:
    assert KEYRING.unseal(KEYRING.seal(plain, context=context), context=context) == plain


def test_a_blob_moved_to_another_context_is_refused() -> None:
    blob = KEYRING.seal(b"1234567890121", context="member.citizen_id.1")

    with pytest.raises(UnableToUnseal):
        KEYRING.unseal(blob, context="member.citizen_id.2")


@given(place=st.integers(min_value=0), change=st.integers(min_value=1, max_value=255))
def test_a_changed_byte_anywhere_is_refused(place: int, change: int) -> None:
    blob = bytearray(KEYRING.seal(b"plain", context="c"))
    blob[place % len(blob)] ^= change

    with pytest.raises(UnableToUnseal):
        KEYRING.unseal(bytes(blob), context="c")


@given(blob=st.binary(max_size=80))
def test_arbitrary_bytes_raise_only_the_declared_error(blob: bytes) -> None:
    with pytest.raises(UnableToUnseal):
        KEYRING.unseal(blob, context="c")


def test_the_same_text_is_never_sealed_the_same_way_twice() -> None:
    blobs = {KEYRING.seal(b"same", context="c") for _ in range(50)}

    assert len(blobs) == 50
    assert all(len(blob) == OVERHEAD_BYTES + len(b"same") for blob in blobs)


def test_the_plain_text_is_not_in_the_blob() -> None:
    assert b"1234567890121" not in KEYRING.seal(b"1234567890121", context="c")


def test_the_first_key_seals_and_an_older_one_still_reads() -> None:
    old_blob = OLD.seal(b"old", context="c")

    assert KEYRING.unseal(old_blob, context="c") == b"old"
    assert key_version(old_blob) == 1
    assert key_version(KEYRING.seal(b"new", context="c")) == 2
    assert KEYRING.current_version == 2


def test_a_key_that_was_taken_away_no_longer_reads() -> None:
    with pytest.raises(UnableToUnseal, match="key version 2 is not known"):
        OLD.unseal(KEYRING.seal(b"new", context="c"), context="c")


def test_a_memoryview_from_the_database_is_read() -> None:
    assert KEYRING.unseal(memoryview(KEYRING.seal(b"x", context="c")), context="c") == b"x"


def test_an_index_is_the_same_each_time_and_after_a_restart() -> None:
    again = Keyring.parse(setting(2, 1))

    assert KEYRING.index("a", purpose="citizen_id") == again.index("a", purpose="citizen_id")
    assert len(KEYRING.index("a", purpose="citizen_id")) == 32


def test_an_index_differs_per_value_purpose_and_key() -> None:
    seen = {
        KEYRING.index("1", purpose="citizen_id"),
        KEYRING.index("2", purpose="citizen_id"),
        KEYRING.index("1", purpose="phone"),
        OLD.index("1", purpose="citizen_id"),
    }

    assert len(seen) == 4


def test_purpose_and_value_do_not_run_together() -> None:
    assert KEYRING.index("bc", purpose="a") != KEYRING.index("c", purpose="ab")


def test_indexes_has_every_version_and_the_current_first() -> None:
    assert KEYRING.indexes("a", purpose="p") == [
        KEYRING.index("a", purpose="p"),
        OLD.index("a", purpose="p"),
    ]


def test_the_index_under_a_known_key_never_changes() -> None:
    # A changed label or construction would lose every row that is found by its index.
    assert OLD.index("", purpose="").hex() == (
        "0e5731d05161ce099b22fa1ec0ee589fe2b9340249d080dc639b29aeec27c205"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2",
        "x:" + base64.b64encode(SECRETS[1]).decode(),
        "๒:" + base64.b64encode(SECRETS[1]).decode(),
        "0:" + base64.b64encode(SECRETS[1]).decode(),
        "256:" + base64.b64encode(SECRETS[1]).decode(),
        "1:" + base64.b64encode(b"short").decode(),
        "1:not base64 at all",
        "1:ไทย",
        setting(1, 1),
    ],
)
def test_an_unusable_setting_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(UnableToReadKeys) as refusal:
        Keyring.parse(text)

    secret = text.partition(":")[2]
    assert not secret or secret not in str(refusal.value)


def test_neither_repr_nor_str_shows_a_key() -> None:
    assert str(KEYRING) == repr(KEYRING) == "<Keyring versions=[2, 1]>"
