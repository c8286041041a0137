"""Back the database up into one file, with a manifest beside it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection

from operations.services import manifest, programs
from operations.services.sealed import key_versions_in_use


class UnableToBackUp(Exception):
    """No backup was made. The message is for the operator."""


@dataclass(frozen=True, slots=True)
class BackupReport:
    path: Path
    size: int
    rows: int
    key_versions: list[int]


def back_up(*, folder: Path, at: datetime) -> BackupReport:
    """Write `ppaos-<time>.dump` and its manifest into `folder` (0700), and return the report.

    The dump and the counts of the manifest see one snapshot of the database. The
    keys are not in it: keep them elsewhere, or the sealed columns cannot be read.
    Raises UnableToBackUp.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"ppaos-{at:%Y%m%d-%H%M%S}.dump"
    unfinished = path.with_suffix(".unfinished")
    rows, versions, migrations = _dump(unfinished)
    kept = manifest.Manifest(
        sha256=manifest.sha256_of(unfinished),
        size=unfinished.stat().st_size,
        made_at=at.isoformat(),
        rows=rows,
        migrations=migrations,
        key_versions=versions,
    )
    kept.write(manifest.path_of(path))
    unfinished.rename(path)
    return BackupReport(path=path, size=kept.size, rows=sum(rows.values()), key_versions=versions)


def _dump(path: Path) -> tuple[dict[str, int], list[int], list[str]]:
    """Dump under an exported snapshot, and count what that snapshot holds."""
    path.touch(mode=0o600)
    with connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            programs.run(
                "pg_dump",
                ["--format=custom", f"--snapshot={snapshot}", "--no-owner", f"--file={path}"],
                address=programs.own_address(),
            )
            rows = manifest.count_rows(cursor)
            versions = key_versions_in_use(cursor)
            migrations = manifest.applied_migrations(cursor)
        except programs.ProgramFailed as error:
            path.unlink(missing_ok=True)
            raise UnableToBackUp(str(error)) from error
        finally:
            cursor.execute("ROLLBACK")
    return rows, versions, migrations
