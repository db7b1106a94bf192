"""Days that no statement can show yet."""

from datetime import timedelta

from hms_ach import clock
from hms_ach.refusal import Finding
from reconciliation.commands import staging
from reconciliation.formats.statement import Statement as ReadStatement
from reconciliation.models import BankAccount

# Banks date entries of an evening or a weekend on the next banking day, and valuations a little later.
AHEAD = timedelta(days=7)


def future_findings(number: int, account: BankAccount, said: ReadStatement) -> list[Finding]:
    """What a file dates more than a week after the facility's today: the statement's end, booked entries.

    A slip in the year would keep a line from every queue until that year comes. At most twenty. One query.
    """
    last = clock.today(account.facility.timezone) + AHEAD
    found = [(said.source_line, "days", said.to_on)] if said.to_on is not None and said.to_on > last else []
    found += [(line, "booked on", on) for line, on in staging.booked_after(number, last)]
    problem = "is more than a week after today"
    return [Finding(line, name, f"{on}", "statement", problem) for line, name, on in found]
