"""How often a proof is repeated: a few times in every run, in full by `make prove`."""

import os
from typing import TypeVar

Number = TypeVar("Number", int, float)


def times(usual: Number, *, full: Number) -> Number:
    """Return `usual`, or `full` if PPAOS_PROOF_SCALE=full asks for it."""
    scale = os.environ.get("PPAOS_PROOF_SCALE", "usual")
    assert scale in ("usual", "full"), f"PPAOS_PROOF_SCALE must be usual or full, not {scale!r}"
    return full if scale == "full" else usual
