"""Pictures are told by their names; what could be somebody else's or is no picture is refused."""

import io
import zipfile
from datetime import date

import pytest

from cashiering.formats.lockbox import Side, unpack
from hms_ach.refusal import FileRejected
from tests.cashiering.formats.lockbox_files import cheque, lockbox_file

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
TIFF = b"II*\x00" + b"1" * 20
DAY = date(2026, 3, 12)


def packed(**files: bytes) -> io.BytesIO:
    """A ZIP; underscores in the names stand for dots before the ending."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(".".join(name.rsplit("_", 1)), content)
    return io.BytesIO(made.getvalue())


@pytest.mark.parametrize(
    ("name", "batch", "item", "side", "page"),
    [
        ("001-002-F.png", "001", "002", Side.FRONT, 1),
        ("1_2.png", "001", "002", Side.FRONT, 1),
        ("1-2B.png", "001", "002", Side.BACK, 1),
        ("001 002 stub2.png", "001", "002", Side.STUB, 2),
        ("7654321-260312-001-002-rear.png", "001", "002", Side.BACK, 1),
    ],
)
def test_a_name_tells_the_cheque_and_the_side(name, batch, item, side, page):
    (image,) = unpack(io.BytesIO(PNG), name=name).images

    assert (image.batch, image.item, image.side, image.page) == (batch, item, side, page)
    assert image.media_type == "image/png"
    assert image.is_of("7654321", DAY)


@pytest.mark.parametrize("words", ["7654322", "260313", "7654321-20260311"])
def test_a_name_of_another_lockbox_or_day_is_of_another_deposit(words):
    (image,) = unpack(io.BytesIO(PNG), name=f"{words}-001-002-F.png").images

    assert not image.is_of("7654321", DAY)


def test_pictures_that_would_fill_the_memory_are_refused():
    pictures = {f"001-{number:03}-F_png": PNG + bytes(9_900_000) for number in range(1, 12)}

    with pytest.raises(FileRejected, match="100,000,000 bytes together"):
        unpack(packed(**pictures), name="all.zip")


def test_a_zip_holds_the_lockbox_file_beside_its_pictures():
    text = lockbox_file(cheque(1, 150_00))
    pictures = {"001-001-F_png": PNG, "001-001-B_tif": TIFF, "file_txt": text}

    found = unpack(packed(**pictures), name="all.zip")

    assert found.text == text
    assert [(image.side, image.media_type) for image in found.images] == [
        (Side.FRONT, "image/png"),
        (Side.BACK, "image/tiff"),
    ]


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"front_png": PNG}, "does not tell batch and item"),
        ({"001-002-X_png": PNG}, "does not tell batch and item"),
        ({"001-002-F0_png": PNG}, "does not tell batch and item"),
        ({"001-002-F_png": PNG, "1-2_png": PNG + b"1"}, "shows the same as 001-002-F.png"),
        ({"a_txt": b"one", "b_txt": b"two"}, "is no picture"),
        ({"001-002-F_png": PNG + b"0" * 10_000_000}, "is larger than 10,000,000 bytes"),
    ],
)
def test_what_is_no_picture_of_one_cheque_is_refused(files, says):
    with pytest.raises(FileRejected, match=says):
        unpack(packed(**files), name="all.zip")
