"""Forums and their resolutions over the API.

As on the pages, what an agenda says about a case is told only to who may read the
household; for others `is_open` is false and the words are null.
"""

from forums.api.resolutions import ACTIONS, resolution, resolutions, resolve
from forums.api.sittings import agenda, collection, detail, hold

__all__ = [
    "ACTIONS",
    "agenda",
    "collection",
    "detail",
    "hold",
    "resolution",
    "resolutions",
    "resolve",
]
