"""Pictures as a phone sends them, drawn anew: small, upright, without where and when.

What is kept is drawn from the picture alone, so no metadata of the phone, its place
or its owner can stay in the file.
"""

import io
import struct
import warnings
from dataclasses import dataclass
from typing import IO

from PIL import ExifTags, Image, UnidentifiedImageError

MOST_BYTES = 10 << 20
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 1600
FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 82
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How to turn what a phone stored lying, by the orientation that it noted."""


class UnableToDraw(Exception):
    """The picture is too large or cannot be read. The message is for the user."""


@dataclass(frozen=True, slots=True)
class UploadedPhoto:
    """A photo as it came: the name it had, and its bytes."""

    name: str
    stream: IO[bytes]


def redrawn(photo: UploadedPhoto) -> bytes:
    """Return the picture as a JPEG of at most 1600 pixels a side, upright, without metadata.

    Raises UnableToDraw.
    """
    content = photo.stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise _unreadable(photo, "ใหญ่เกิน 10 MB ให้ย่อรูปหรือถ่ายใหม่ด้วยความละเอียดต่ำลง")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return _draw(photo, content)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise _unreadable(photo, "เปิดไม่ได้ ใช้ไฟล์ภาพชนิด JPEG, PNG หรือ WebP") from None


def _draw(photo: UploadedPhoto, content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise _unreadable(photo, "มีจำนวนจุดภาพมากเกินไป ให้ย่อรูปก่อน")
        opened.draft("RGB", (LONGEST_SIDE * 2, LONGEST_SIDE * 2))
        # Made small before it is turned: turning copies, and a large copy costs memory.
        opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        upright = _turned(opened)
        # A fresh canvas takes over dots, not what the file said about itself.
        canvas = Image.new("RGB", upright.size, "white")
        colours = upright.convert("RGBA")
        canvas.paste(colours, mask=colours.getchannel("A"))
    kept = io.BytesIO()
    canvas.save(kept, "JPEG", quality=_QUALITY, optimize=True)
    return kept.getvalue()


def _turned(picture: Image.Image) -> Image.Image:
    """Turn a picture as its metadata says; where that is broken, leave it as it lies."""
    try:
        turn = _TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except (SyntaxError, ValueError, TypeError, struct.error):
        return picture
    return picture if turn is None else picture.transpose(turn)


def _unreadable(photo: UploadedPhoto, cure: str) -> UnableToDraw:
    return UnableToDraw(f"รูป “{photo.name}” {cure}")
