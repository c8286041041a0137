"""Background work that survives: enqueue, claim, heartbeat, take turns, finish, sweep.

Only this package publishes to the broker, and it publishes job ids only. A
message may be lost, doubled or late; the row decides what happens.
"""

from jobs.services.leases import (
    UNEXPECTED,
    JobCancelled,
    Lease,
    LeaseLost,
    TurnOver,
    UnableToFinish,
    cancel,
    claim,
)
from jobs.services.sending import enqueue, sweep
from jobs.services.turns import is_any_queue_busy, live_jobs_of, place_of
from jobs.services.working import DISK_FULL, run, run_in_turn, take_turn

__all__ = [
    "DISK_FULL",
    "UNEXPECTED",
    "JobCancelled",
    "Lease",
    "LeaseLost",
    "TurnOver",
    "UnableToFinish",
    "cancel",
    "claim",
    "enqueue",
    "is_any_queue_busy",
    "live_jobs_of",
    "place_of",
    "run",
    "run_in_turn",
    "sweep",
    "take_turn",
]
