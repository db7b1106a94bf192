"""Changes: store a file."""

from hms_ach.files.commands.stored_file import FileTooLarge, store

__all__ = ["FileTooLarge", "store"]
