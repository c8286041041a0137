"""What a backup says of itself, so that a restore can be checked against it."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from django.apps import apps

from operations.services.programs import Cursor

CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """Fingerprint of the dump, rows per table, and the migrations that made the tables."""

    sha256: str
    size: int
    made_at: str
    rows: dict[str, int]
    migrations: list[str]
    key_versions: list[int]

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n")

    @classmethod
    def read(cls, path: Path) -> "Manifest":
        """Raises OSError, ValueError or TypeError if there is no sound manifest."""
        return cls(**json.loads(path.read_text()))


def path_of(dump: Path) -> Path:
    return dump.with_suffix(".json")


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for piece in iter(lambda: stream.read(CHUNK_BYTES), b""):
            digest.update(piece)
    return digest.hexdigest()


def count_rows(cursor: Cursor) -> dict[str, int]:
    """Return rows per table of our apps, exactly; one query a table."""
    counts = {}
    for table in sorted(
        model._meta.db_table for model in apps.get_models(include_auto_created=True)
    ):
        cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 - names come from the models
        counts[table] = int(cursor.fetchone()[0])
    return counts


def applied_migrations(cursor: Cursor) -> list[str]:
    cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
    return [row[0] for row in cursor.fetchall()]
