"""Photos of help given: redrawn and kept sealed."""

import io
from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from files.models import Purpose, StoredFile
from files.services import store
from ppaos.lib.pictures import UnableToDraw, UploadedPhoto, redrawn
from referrals.services.errors import UnableToRefer

MOST_PHOTOS = 5


def keep_photos(photos: Iterable[UploadedPhoto], *, by: User, at: datetime) -> list[StoredFile]:
    """Store photos, redrawn as JPEG, in the caller's transaction.

    Raises UnableToRefer if they are too many, one is too large, or cannot be read.
    """
    given = list(photos)
    if len(given) > MOST_PHOTOS:
        raise UnableToRefer(f"แนบรูปได้ไม่เกิน {MOST_PHOTOS} รูปต่อหนึ่งรายการ", field="photos")
    return [_keep(photo, number, by=by, at=at) for number, photo in enumerate(given, start=1)]


def _keep(photo: UploadedPhoto, number: int, *, by: User, at: datetime) -> StoredFile:
    try:
        picture = redrawn(photo)
    except UnableToDraw as error:
        raise UnableToRefer(str(error), field="photos") from None
    return store(
        stream=io.BytesIO(picture),
        # A name given by a person may name a person.
        name=f"photo-{number}.jpg",
        purpose=Purpose.PHOTO,
        content_type="image/jpeg",
        by=by,
        at=at,
    )
