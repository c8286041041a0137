"""Photos are redrawn: small, upright, and silent about where and by whom."""

import io
from typing import Any

import pytest
from PIL import Image, ImageOps, TiffImagePlugin

from files.models import Purpose, StoredFile
from files.services import pieces
from ppaos.lib.pictures import MOST_BYTES, UnableToDraw, UploadedPhoto, redrawn
from referrals.models import Assistance
from referrals.services import MOST_PHOTOS, UnableToRefer
from referrals.workflow import Status
from tests.referrals.cases import Cast, give_help, make_photo, make_referral

ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825


def photo_of_a_phone() -> UploadedPhoto:
    """Wide as stored, upright when turned; with maker, place and a comment."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[MAKE] = "SECRETPHONE"
    degrees = (TiffImagePlugin.IFDRational(14), TiffImagePlugin.IFDRational(58))
    exif[GPS] = {1: "N", 2: (*degrees, TiffImagePlugin.IFDRational(1))}
    content = io.BytesIO()
    Image.new("RGB", (3000, 2000), "olive").save(
        content, "JPEG", exif=exif, comment=b"SECRETCOMMENT", icc_profile=b"SECRETPROFILE"
    )
    content.seek(0)
    return UploadedPhoto(name="IMG_1.jpg", stream=content)


def test_the_photo_of_a_phone_does_tell_what_is_to_be_dropped() -> None:
    content = photo_of_a_phone().stream.read()
    assert b"SECRETPHONE" in content
    assert b"SECRETCOMMENT" in content
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(GPS)


def test_nothing_of_the_phone_is_left_and_the_picture_stands_upright() -> None:
    content = redrawn(photo_of_a_phone())
    assert b"SECRET" not in content
    kept = Image.open(io.BytesIO(content))
    assert kept.format == "JPEG"
    assert len(kept.getexif()) == 0
    assert kept.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert kept.size == (1067, 1600)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_kind_is_read_from_the_content_not_from_the_name(kind: str) -> None:
    kept = Image.open(io.BytesIO(redrawn(make_photo(kind, name="roof.txt"))))
    assert (kept.format, kept.size) == ("JPEG", (640, 480))


def test_what_is_clear_becomes_white() -> None:
    content = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(content, "PNG")
    content.seek(0)
    kept = Image.open(io.BytesIO(redrawn(UploadedPhoto("clear.png", content))))
    assert kept.getpixel((5, 5)) == (255, 255, 255)


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _gif(content: bytes) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (10, 10)).save(drawn, "GIF")
    return drawn.getvalue()


@pytest.mark.parametrize(
    ("spoil", "cure"),
    [
        (lambda content: b"", "JPEG"),
        (lambda content: b"<svg onload=alert(1)>", "JPEG"),
        (_gif, "JPEG"),
        (_cut, "JPEG"),
        (lambda content: content + b"\0" * MOST_BYTES, "10 MB"),
    ],
    ids=["empty", "svg", "gif", "cut off", "too large"],
)
def test_what_is_no_photo_is_refused_with_the_cure(spoil: Any, cure: str) -> None:
    content = spoil(make_photo().stream.read())
    with pytest.raises(UnableToDraw, match=cure) as refusal:
        redrawn(UploadedPhoto("รูป.jpg", io.BytesIO(content)))
    assert "รูป.jpg" in str(refusal.value)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_photo_whose_metadata_is_broken_is_kept_upright(kind: str) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[MAKE] = "SECRETPHONE"
    content = io.BytesIO()
    Image.new("RGB", (640, 480), "olive").save(content, kind, exif=exif.tobytes())
    maker, colours, text = b"\x01\x0f", b"\x01\x4c", b"\x00\x02"
    # A text where a number belongs: it can be read, and not be written again.
    broken = content.getvalue().replace(maker + text, colours + text)
    assert broken != content.getvalue()
    kept = redrawn(UploadedPhoto("roof.jpg", io.BytesIO(broken)))
    assert b"SECRET" not in kept
    assert Image.open(io.BytesIO(kept)).size == (480, 640)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_of_holding_the_phone_ends_upright(orientation: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    lying = Image.new("RGB", (64, 32), "white")
    lying.paste("red", (0, 0, 16, 8))
    content = io.BytesIO()
    lying.save(content, "PNG", exif=exif)
    stands = ImageOps.exif_transpose(Image.open(content))
    kept = Image.open(
        io.BytesIO(redrawn(UploadedPhoto("held.png", io.BytesIO(content.getvalue()))))
    )
    assert kept.size == stands.size
    for corner in ((2, 2), (2, -3), (-3, 2), (-3, -3)):
        spot = (corner[0] % kept.width, corner[1] % kept.height)
        is_red = [_green_of(picture, spot) < 128 for picture in (kept, stands)]
        assert is_red[0] == is_red[1]


def _green_of(picture: Image.Image, spot: tuple[int, int]) -> int:
    found = picture.convert("RGB").getpixel(spot)
    assert isinstance(found, tuple)
    return int(found[1])


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_drawn() -> None:
    content = io.BytesIO()
    Image.new("1", (20_000, 10_000)).save(content, "PNG")
    content.seek(0)
    with pytest.raises(UnableToDraw):
        redrawn(UploadedPhoto("bomb.png", content))


@pytest.mark.django_db
def test_photos_are_kept_sealed_under_names_that_tell_nothing() -> None:
    cast = Cast()
    referral = make_referral(Status.ACCEPTED, cast=cast)
    given = give_help(referral, cast.officer, photos=[make_photo(name="บ้านยายสมศรี.jpg")] * 1)
    file = given.photos.get().file
    assert (file.purpose, file.name, file.content_type) == (
        Purpose.PHOTO,
        "photo-1.jpg",
        "image/jpeg",
    )
    assert Image.open(io.BytesIO(b"".join(pieces(file)))).size == (640, 480)


@pytest.mark.django_db
def test_too_many_photos_or_a_bad_one_leave_nothing_behind() -> None:
    cast = Cast()
    referral = make_referral(Status.ACCEPTED, cast=cast)
    with pytest.raises(UnableToRefer):
        give_help(referral, cast.officer, photos=[make_photo() for _ in range(MOST_PHOTOS + 1)])
    bad = UploadedPhoto("x.jpg", io.BytesIO(b"no picture"))
    with pytest.raises(UnableToRefer):
        give_help(referral, cast.officer, photos=[make_photo(), bad])
    assert not Assistance.objects.exists()
    assert not StoredFile.objects.exists()
