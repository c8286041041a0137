"""Makes lists of invented people for demonstrations, tests and benchmarks.

What a line must become is written down here, by the code that made the line, and never asked
of the code that reads it: the truth file would prove nothing otherwise.
"""
