"""Files: the bytes that came are the bytes that go."""

import io

import pytest
from django.db import DatabaseError, connection, transaction

from hms_ach import files
from hms_ach.files.commands.stored_file import shown_name
from hms_ach.files.models import Chunk

pytestmark = pytest.mark.django_db


def stored(content, **values):
    kept = {"name": "a.xml", "media_type": "application/xml", "kind": "camt053", "facility": None} | values
    return files.store(content, actor=None, **kept)


@pytest.mark.parametrize("size", [0, 1, 256 * 1024, 256 * 1024 + 1, 700_000])
def test_a_file_comes_back_byte_for_byte(size):
    content = bytes(number % 251 for number in range(size))

    kept = stored(io.BytesIO(content))

    with files.open_file(kept.public_id) as stream:
        assert stream.read() == content
    assert kept.size == size


def test_a_file_over_the_limit_leaves_nothing():
    with pytest.raises(files.FileTooLarge):
        stored(b"x" * 11, limit_bytes=10)

    assert not Chunk.objects.exists()


@pytest.mark.parametrize(
    "said, kept",
    [
        ("Text/CSV; charset=utf-8", "text/csv"),
        ("image/svg+xml", "image/svg+xml"),
        ("", "application/octet-stream"),
        ("nonsense", "application/octet-stream"),
        ("text/" + "x" * 200, "application/octet-stream"),
    ],
)
def test_a_file_is_of_the_type_that_its_sender_says_if_that_is_one(said, kept):
    assert stored(b"x", media_type=said).media_type == kept


@pytest.mark.parametrize("sql", ["UPDATE files_chunk SET content = 'x'", "DELETE FROM files_storedfile"])
def test_a_stored_file_is_never_changed(sql):
    stored(b"x")

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "sent, shown",
    [("../../etc/passwd", "passwd"), ("C:\\x\\day.xml", "day.xml"), ("\x00\u202e", "file"), ("", "file")],
)
def test_a_name_is_for_people_only(sent, shown):
    assert shown_name(sent) == shown
