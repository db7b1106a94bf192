"""Questions: find a file, read its bytes."""

from hms_ach.files.queries.stored_file import FileDamaged, FileNotFound, file_named, open_file

__all__ = ["FileDamaged", "FileNotFound", "file_named", "open_file"]
