"""How far a period's close is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ledger.models import (
    CloseTask,
    Entry,
    Journal,
    Period,
    Revaluation,
    ScheduledReversal,
)
from ledger.queries.exchange_rate import foreign_postings
from ledger.queries.period import closing_round
from ledger.queries.tie_out import moved_since, never_taken, tie_outs
from ledger.rules.sub_ledger import REGISTERED


@dataclass(frozen=True, slots=True)
class CloseLine:
    """One step of a period's close. problem says what is missing where the system itself looks."""

    task_id: int
    name: str
    owner_role: str
    due_at: datetime
    is_checked: bool
    is_done: bool
    is_ready: bool
    problem: str
    needs_evidence: bool
    done_by: str
    done_at: datetime | None
    note: str
    evidence_id: str
    evidence_name: str


def close_lines(period: Period) -> list[CloseLine]:
    """The steps of a period's close in their order; empty before it starts.

    At most ten SQL queries, and those of the dated sub-ledgers.


    After a reopening the close starts again, with none of its steps done.
    """
    tasks = list(
        CloseTask.objects.filter(period=period, round=closing_round(period))
        .select_related("step", "done_by", "evidence")
        .order_by("step__position", "id")
    )
    problems = {
        code: CHECKS[code](period) for code in {task.step.check_code for task in tasks} if code in CHECKS
    }
    done = {
        task.step_id: not problems[task.step.check_code] if task.step.check_code else bool(task.done_at)
        for task in tasks
    }
    return [_line(task, problems.get(task.step.check_code, ""), done) for task in tasks]


def late_entries(period: Period) -> list[Entry]:
    """Entries posted after the period's close that belong to it, in the order they came. One SQL query."""
    rows = Entry.objects.filter(
        legal_entity_id=period.legal_entity_id, belongs_on__range=(period.starts_on, period.ends_on)
    )
    return list(rows.select_related("facility", "legal_entity").order_by("id")[:200])


def _line(task: CloseTask, problem: str, done: dict[int, bool]) -> CloseLine:
    step = task.step
    return CloseLine(
        task_id=task.pk,
        name=step.name,
        owner_role=step.owner_role,
        due_at=task.due_at,
        is_checked=bool(step.check_code),
        is_done=done[step.pk],
        is_ready=step.after_id is None or done.get(step.after_id, True),
        problem=problem,
        needs_evidence=step.needs_evidence,
        done_by=task.done_by.get_full_name() if task.done_by else "",
        done_at=task.done_at,
        note=task.note,
        evidence_id=task.evidence.public_id if task.evidence else "",
        evidence_name=task.evidence.name if task.evidence else "",
    )


def _journals(period: Period) -> str:
    waiting = Journal.objects.filter(
        facility__legal_entity_id=period.legal_entity_id,
        state=Journal.State.PROPOSED,
        effective_on__range=(period.starts_on, period.ends_on),
    ).count()
    return f"{waiting} await approval" if waiting else ""


def _reversals(period: Period) -> str:
    due = ScheduledReversal.objects.filter(
        entry__legal_entity_id=period.legal_entity_id, on__lte=period.ends_on, entry__reversed_by=None
    ).count()
    return f"{due} {'is' if due == 1 else 'are'} still to be taken back" if due else ""


def _revalued(period: Period) -> str:
    """What was posted on foreign assets and liabilities after the last revaluation is not in it."""
    foreign = foreign_postings(period)
    last = Revaluation.objects.filter(period=period).order_by("-id").first()
    if last is None:
        return "foreign balances are not revalued yet" if foreign.exists() else ""
    if last.n_postings is None:
        return "foreign balances were revalued before postings were counted: revalue them again"
    seen = foreign.exclude(entry__source_kind="adjustment", entry__source_id=last.public_id).count()
    return "foreign balances moved since they were revalued" if seen != last.n_postings else ""


def _tied_out(period: Period) -> str:
    taken = tie_outs(period)
    missing = never_taken(period, taken)
    if missing:
        return f"not taken yet: {', '.join(REGISTERED[code].name.lower() for code in missing)}"
    stale = moved_since(period, taken)
    if stale:
        return f"{len(stale)} moved since they were taken: take them again and sign"
    unsigned = sum(not hasattr(row, "signature") for row in taken)
    return f"{unsigned} {'is' if unsigned == 1 else 'are'} not signed" if unsigned else ""


def _days(period: Period) -> str:
    """A day is closed when everything of it is in a GL batch."""
    loose = (
        Entry.objects.filter(period=period, gl_batch_entries=None)
        .exclude(source_kind="adjustment")
        .values("facility", "effective_on")
        .distinct()
        .count()
    )
    return f"{loose} business days have entries in no GL batch yet" if loose else ""


CHECKS: dict[str, Callable[[Period], str]] = {
    "DAYS": _days,
    "JOURNALS": _journals,
    "REVERSALS": _reversals,
    "REVALUED": _revalued,
    "TIED_OUT": _tied_out,
}
