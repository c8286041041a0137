"""Raw lines of a list → records in normal form. Pure modules, no database.

normaliser = Normaliser(mapping, profile, today=…, year_be=2567, areas=AreaResolver(…))
tracker = FileTracker()
record = tracker.track(number, normaliser.read(cells))
verdict(record.findings)
"""

from imports.normalise.areas import AreaDecision, AreaResolver, KnownArea, LearntArea
from imports.normalise.line import Normaliser
from imports.normalise.record import Record
from imports.normalise.tracker import FileTracker

__all__ = [
    "AreaDecision",
    "AreaResolver",
    "FileTracker",
    "KnownArea",
    "LearntArea",
    "Normaliser",
    "Record",
]
