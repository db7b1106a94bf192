"""Which findings an account's profile allows."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from hms_ach.refusal import Finding

Span = tuple[int, int, Collection[str]]


def allowed(findings: Sequence[Finding], spans: Sequence[Span]) -> list[Finding]:
    """The findings, those no longer fatal whose switch is on for every account they concern.

    spans  (first line, last line, switches) of each statement; a finding outside all of them is
           about the file, so it concerns all
    """
    return [_judged(finding, spans) for finding in findings]


def _judged(finding: Finding, spans: Sequence[Span]) -> Finding:
    if not finding.is_fatal or not finding.switch or not spans:
        return finding
    concerned = [on for first, last, on in spans if first <= finding.line <= last] or [on for *_, on in spans]
    is_on = all(finding.switch in on for on in concerned)
    return replace(finding, is_fatal=False) if is_on else finding
