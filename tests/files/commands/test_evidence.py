"""Evidence is kept as what it is, or not at all."""

import io

import pytest

from hms_ach import files
from hms_ach.files.models import Chunk, StoredFile
from tests.make import access

pytestmark = pytest.mark.django_db


def kept(content, name="letter.pdf", **more):
    return files.store_evidence(
        content, name=name, kind="cash_slip", facility=None, actor=access.user(), **more
    )


def test_the_type_is_that_of_the_content_and_the_bytes_are_those_that_came():
    content = b"%PDF-1.7 " + bytes(range(256)) * 5_000

    found = kept(io.BytesIO(content))

    assert (found.media_type, found.size) == ("application/pdf", len(content))
    with files.open_file(found.public_id) as stream:
        assert stream.read() == content


@pytest.mark.parametrize(
    ("content", "name", "refusal", "says"),
    [
        (b"", "a.pdf", files.EvidenceEmpty, "a.pdf has no bytes"),
        (b"MZ\x90\0", "a.pdf", files.EvidenceKindRefused, "Send a PDF, a picture"),
        (b"%PDF-1.7", "a.exe", files.EvidenceMisnamed, "a.exe holds a PDF"),
        (b"%PDF-1.7 long", "a.pdf", files.FileTooLarge, "larger than 10 bytes"),
    ],
)
def test_what_is_no_evidence_is_refused_in_words_and_leaves_nothing(content, name, refusal, says):
    with pytest.raises(refusal) as refused:
        kept(content, name, limit_bytes=10)

    assert says in str(refused.value)
    assert not StoredFile.objects.exists()
    assert not Chunk.objects.exists()
