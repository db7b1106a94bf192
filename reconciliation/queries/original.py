"""Which earlier match a line of the bank takes back."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from hms_ach.money import Money
from reconciliation.models import Expectation, Match, MatchItem, MatchLine, StatementLine, TakenBack
from reconciliation.queries.match import plan_of
from reconciliation.rules.plan import Plan

# Returns of consumers' debits come for sixty days, chargebacks for a hundred and twenty.
RETURN_DAYS = 120
_DISPUTED = ("chargeback", "chargeback_win")


@dataclass(frozen=True, slots=True)
class Original:
    """The earlier match, its line and what it settled; shared: the references that both lines bear."""

    match: Match
    line: StatementLine
    items: list[Expectation]
    shared: list[str]

    @property
    def amount(self) -> Money:
        return Money(self.line.amount_minor, self.line.currency)


def original_of(line: StatementLine) -> Original | None:
    """The only match of one line with the opposite amount, within 120 days before, that shares a reference.

    The reference may be the bank's, one that both lines bear, or one of what was matched. None where nothing
    fits, and where several do: nothing is guessed between equals. Half of a transfer between own accounts is
    never taken back alone; a chargeback is won, which the till awaits. Two queries, four where it is found.
    """
    if not (line.keys or line.bank_reference):
        return None
    gone = TakenBack.objects.filter(original=OuterRef("match"), match__undo=None)
    named = MatchItem.objects.filter(match=OuterRef("match"), expectation__keys__overlap=line.keys)
    same = Q(line__keys__overlap=line.keys) | Q(Exists(named))
    if line.bank_reference[:1] not in ("", "~"):
        same |= Q(line__bank_reference=line.bank_reference)
    rows = MatchLine.objects.filter(
        same,
        ~Exists(gone),
        undo=None,
        match__line_count=1,
        match__takes_back=None,
        match__sweep_out=None,
        match__sweep_in=None,
        line__account_id=line.account_id,
        line__amount_minor=-line.amount_minor,
        line__booked_on__range=(line.booked_on - timedelta(days=RETURN_DAYS), line.booked_on),
    ).exclude(line_id=line.pk)
    found = list(rows.select_related("line", "match__account__facility").order_by("id")[:2])
    if len(found) != 1:
        return None
    match, before = found[0].match, found[0].line
    items = [part.expectation for part in match.items.select_related("expectation").order_by("id")]
    if any(item.kind in _DISPUTED for item in items):
        return None
    known = {*before.keys, *(key for item in items for key in item.keys)}
    shared = [key for key in line.keys if key in known] or [line.bank_reference]
    return Original(match, before, items, shared)


def opposite_plan(line: StatementLine, original: Original) -> Plan:
    """What posts the opposite of the original: the new line, and each of its other postings turned round."""
    return plan_of(original.match).taken_back_by(line.pk)
