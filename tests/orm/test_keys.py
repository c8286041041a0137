import os
import threading
import uuid

from ppaos.orm import uuid7


def test_keys_grow_and_are_of_version_seven() -> None:
    keys = [uuid7() for _ in range(5_000)]

    assert keys == sorted(set(keys))
    assert {(key.version, key.variant) for key in keys} == {(7, uuid.RFC_4122)}


def test_threads_never_make_the_same_key() -> None:
    made: list[uuid.UUID] = []
    threads = [
        threading.Thread(target=lambda: made.extend([uuid7() for _ in range(2_000)]))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(made)) == 8_000


def test_a_forked_process_has_random_bits_of_its_own() -> None:
    uuid7()
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.write(writer, b"".join(uuid7().bytes[-8:] for _ in range(50)))
        os._exit(0)
    os.waitpid(child, 0)
    theirs = os.read(reader, 400)
    ours = [uuid7().bytes[-8:] for _ in range(50)]

    assert not {theirs[at : at + 8] for at in range(0, 400, 8)} & set(ours)
