"""Why a file is not where it should be."""


class DestinationFailed(Exception):
    """The file does not stand there: the place was not reached, or did not take it. It may be tried again."""


class PlacingBroke(Exception):
    """The connection ended as the file was put in place. The next try looks where it is."""


class PlacingUnknown(Exception):
    """The file may have been put in place and taken away since. A person has to look."""


def part_of(name: str) -> str:
    """What a file is called until it is whole: hidden, and with an ending that no pattern asks for."""
    return f".{name}.part"
