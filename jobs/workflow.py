"""States of a background job and the moves between them."""

from ppaos.lib.labelled import LabelledEnum


class State(LabelledEnum):
    QUEUED = "queued", "รอคิว"
    RUNNING = "running", "กำลังทำ"
    DONE = "done", "เสร็จแล้ว"
    FAILED = "failed", "ไม่สำเร็จ"
    QUARANTINED = "quarantined", "กักไว้ตรวจสอบ"
    CANCELLED = "cancelled", "ยกเลิก"

    @classmethod
    def live(cls) -> list[str]:
        """Return the states from which a job can still move."""
        return [state.value for state in cls if TRANSITIONS[state]]


TRANSITIONS: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.RUNNING, State.CANCELLED, State.QUARANTINED}),
    State.RUNNING: frozenset(
        {State.QUEUED, State.DONE, State.FAILED, State.QUARANTINED, State.CANCELLED}
    ),
    State.DONE: frozenset(),
    State.FAILED: frozenset(),
    State.QUARANTINED: frozenset(),
    State.CANCELLED: frozenset(),
}
