"""Lines into the register: what they would do, doing it, and what it was before.

`lines` types what a line says; `register` reads what is known of it; `matching`
and `plan` and `results` decide, without a database; `writing` carries out;
`chunks` and `running` do it piece by piece; imports.undo takes it back.
"""

from imports.apply.running import apply_batch, compare_again, compare_batch, learn

__all__ = ["apply_batch", "compare_again", "compare_batch", "learn"]
