"""Tables and their constraints."""

from hms_ach.files.models.stored_file import Chunk, StoredFile

__all__ = ["Chunk", "StoredFile"]
