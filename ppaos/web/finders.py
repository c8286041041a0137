"""Collect the few files that pages need out of node_modules, and nothing else."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage, Storage

# Where a file is served, below STATIC_URL → where npm puts it, below node_modules.
# Source maps are named by the minified files, so hashing needs them.
FILES = {
    "vendor/bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "vendor/bootstrap.min.css.map": "bootstrap/dist/css/bootstrap.min.css.map",
    "vendor/bootstrap.bundle.min.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "vendor/bootstrap.bundle.min.js.map": "bootstrap/dist/js/bootstrap.bundle.min.js.map",
} | {
    f"vendor/sarabun-{script}-{weight}.woff2": (
        f"@fontsource/sarabun/files/sarabun-{script}-{weight}-normal.woff2"
    )
    for script in ("thai", "latin")
    for weight in (400, 700)
}


class _NodeFiles(FileSystemStorage):
    """Read-only view of node_modules under the names of `FILES`."""

    prefix = ""

    def path(self, name: str) -> str:
        return super().path(FILES[name])


class NodeFinder(BaseFinder):
    """Find the files named in `FILES`."""

    def __init__(self) -> None:
        self.root = Path(settings.BASE_DIR) / "node_modules"
        self.storage = _NodeFiles(location=str(self.root))

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        source = FILES.get(path)
        found = source is not None and (self.root / source).is_file()
        if found and source is not None:
            match = str(self.root / source)
            return [match] if find_all else match
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Yield each name with its storage.

        Raises ImproperlyConfigured if npm has not been run.
        """
        for name, source in FILES.items():
            if not (self.root / source).is_file():
                raise ImproperlyConfigured(f"node_modules/{source} is missing; run `npm ci`.")
            if not matches_patterns(name, list(ignore_patterns or [])):
                yield name, self.storage
