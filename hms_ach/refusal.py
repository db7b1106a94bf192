"""An expected no: what is wrong, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from hms_ach.clock import in_words


class Refusal(Exception):
    """An expected no. Subclasses state a stable `code`, an HTTP `status` and a `sentence`.

    The sentence says what is wrong and then what to do; its {placeholders} are filled from the
    keyword arguments, days in words and money with its currency. Refusals are shown to people and
    API clients, and are not logged as errors.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    title: ClassVar[str] = ""
    sentence: ClassVar[str] = "This cannot be done."

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(self.sentence.format(**{name: _said(value) for name, value in params.items()}))

    @property
    def heading(self) -> str:
        """The title for people: the stated one, or the code in words."""
        return self.title or self.code.replace("_", " ").capitalize()


def _said(value: Any) -> Any:
    """A day as people write it, money as people write it; everything else as it is."""
    if type(value) is date:
        return in_words(value)
    return value.in_words() if hasattr(value, "in_words") else value


MAX_FINDINGS = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong in a file: where, what, and which rule (standard and section) says so.

    switch  the named deviation that the sender's profile may allow; "" when nothing allows it
    """

    line: int
    field: str
    value: str
    rule: str
    problem: str
    is_fatal: bool = True
    switch: str = ""


def keep_finding(found: list[Finding], finding: Finding) -> None:
    """Add one in file order: the first 500, and the first that is fatal however late it comes."""
    if len(found) < MAX_FINDINGS or (finding.is_fatal and not any(each.is_fatal for each in found)):
        found.append(finding)


class FileRejected(Refusal):
    """A file that cannot be trusted. Nothing of it is used. Line 0 is the file as a whole."""

    code = "file_rejected"
    status = 422
    sentence = "{where}{problem}. Nothing of this file was used; correct it and send it again."

    def __init__(self, line: int, problem: str, findings: Sequence[Finding] = ()) -> None:
        where = f"Line {line}: " if line else ""
        said = problem if line else problem[:1].upper() + problem[1:]
        super().__init__(where=where, problem=said)
        self.params = {"line": line, "problem": problem}
        self.findings = tuple(findings)
