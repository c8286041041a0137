from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What one uploaded file may cost. Sizes are bytes, times are seconds."""

    file_bytes: int = 400 * MEGABYTE
    unpacked_bytes: int = 4_500 * MEGABYTE
    # As many as a sheet of Excel has, so that a million people fit below their headings.
    lines: int = 1_048_576
    columns: int = 200

    # Of a zip part above `ratio_from_bytes`; a small part cannot hurt at any ratio.
    ratio: int = 100
    ratio_from_bytes: int = MEGABYTE
    parts: int = 2_000

    # Of one cell. Excel itself keeps at most 32,767 characters.
    cell_characters: int = 32_767
    shared_strings_bytes: int = 1_000 * MEGABYTE
    merged_ranges: int = 20_000

    # Of the child process that parses.
    memory_bytes: int = 1_024 * MEGABYTE
    cpu_seconds: int = 900
    silence_seconds: float = 300.0
    chunk_lines: int = 1_000
