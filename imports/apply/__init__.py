"""Lines into the register: what they would do, doing it, and what it was before.

`lines` types what a line says; `register` reads what is known of it; `matching`
and `plan` and `results` decide, without a database; `writing` carries out;
`comparing` forecasts it while lines are staged, and `known` spares what did not change;
`chunks` and `running` do it piece by piece; imports.undo takes it back.
"""

from imports.apply.running import apply_batch, compare_again, learn

__all__ = ["apply_batch", "compare_again", "learn"]
