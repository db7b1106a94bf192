"""The close checklist that an entity starts with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StepAsked:
    """A step of a checklist to be; after names the position of the step that comes before.

    due_days, due_hour  so many days after the period's last day, at that hour
    check_code          what the system itself looks at (CloseStep.Check); empty for what a person does
    """

    name: str
    owner_role: str
    due_days: int
    due_hour: int
    check_code: str = ""
    needs_evidence: bool = False
    after: int | None = None


STANDARD_CHECKLIST = (
    StepAsked("Every business day is in a GL batch", "FINANCE_REVIEWER", 1, 12, "DAYS"),
    StepAsked("Bank statements of the last day are in", "FINANCE_REVIEWER", 1, 15, needs_evidence=True),
    StepAsked("Accruals of unbilled care are prepared", "FINANCE_REVIEWER", 2, 12, after=1),
    StepAsked("Journals are decided", "FINANCE_APPROVER", 2, 17, "JOURNALS", after=3),
    StepAsked("Accruals of before are taken back", "FINANCE_REVIEWER", 2, 17, "REVERSALS"),
    StepAsked("Foreign balances are revalued", "CONTROLLER", 3, 12, "REVALUED", after=4),
    StepAsked("Sub-ledgers are tied out and signed", "FINANCE_APPROVER", 3, 17, "TIED_OUT", after=6),
    StepAsked("The trial balance is reviewed", "CONTROLLER", 4, 12, after=7),
)
