"""Money that moves between two of our own accounts: both banks' lines of it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

from django.db.models import Q, QuerySet

from hms_ach.calendars import banking_days_between
from reconciliation.models import BankAccount, Match, MatchLine, OpenItem, OpenLine, StatementLine, Sweep
from reconciliation.queries.match import line_parts
from reconciliation.rules.plan import Plan
from reconciliation.rules.references import keys_of
from reconciliation.rules.sweep import half_of, reads_like_transfer

# Booked on one banking day or on the next; what is within these days could be meant as well.
NEAR = timedelta(days=14)
# More lines of one amount prove nothing.
MOST_EQUAL = 50
# As many as have a key of their own on the review screen.
MOST_OFFERED = 9


@dataclass(frozen=True, slots=True)
class Pair:
    """Two open lines of opposite amounts on two own accounts.

    shared  the references that both bear; says: what else speaks for it, in words
    """

    outgoing: StatementLine
    incoming: StatementLine
    shared: list[str]
    says: str

    def other_of(self, line_id: int) -> StatementLine:
        return self.incoming if line_id == self.outgoing.pk else self.outgoing

    @property
    def reasons(self) -> list[str]:
        return [f"reference {self.shared[0]} equal"] if self.shared else [self.says]

    @property
    def is_in_time(self) -> bool:
        """Whether both were booked on one banking day, or one on the next."""
        first, last = sorted([self.outgoing.booked_on, self.incoming.booked_on])
        return banking_days_between(first, last, country=self.outgoing.account.country) <= 1


@dataclass(frozen=True, slots=True)
class Fitting:
    """The pairs that one line can be half of; only: the one without any equal, or None."""

    pairs: list[Pair]
    only: Pair | None


def proven_sweeps(account: BankAccount) -> list[Pair]:
    """The account's pairs that a shared reference proves: no other open line of the amount shares it.

    The reference is on these two lines alone, or the wording or an account number says the same; nothing
    expected bears it, and nobody took a pair of either line apart. Five queries, and up to four a pair.
    """
    named = [pair for pair in _pairs(account, _open_on_both_sides(account)) if pair.shared]
    lines = _counted(named)
    alone = [pair for pair in named if _is_alone(pair, lines) and pair.is_in_time]
    alone = [pair for pair in alone if pair.says or _is_on_these_alone(pair)]
    barred = _taken_apart(alone) | _awaited(alone)
    found = [pair for pair in alone if not {pair.outgoing.pk, pair.incoming.pk} & barred]
    return [pair for pair in found if account.pk in (pair.outgoing.account_id, pair.incoming.account_id)]


def sweeps_of(line: StatementLine) -> Fitting:
    """The pairs that the line can be half of, where a reference, wording or account number says so.

    For two people to agree on. What shares a reference comes first, then by day; at most nine. Four queries.
    """
    if not OpenLine.objects.filter(pk=line.pk).exists():
        return Fitting([], None)
    pairs = _pairs(line.account, {abs(line.amount_minor)})
    mine = [pair for pair in _likely(pairs) if line.pk in _ids([pair])]
    mine.sort(key=lambda pair: (not pair.shared, pair.other_of(line.pk).booked_on, *_ids([pair])))
    only = next((pair for pair in mine if _is_alone(pair, _counted(pairs))), None)
    return Fitting(mine[:MOST_OFFERED], only)


def equals_of(pair: Pair) -> list[int]:
    """The open lines that either line of the pair could be one movement with as well. Three queries."""
    own = {*_ids([pair])}
    pairs = _pairs(pair.outgoing.account, {abs(pair.outgoing.amount_minor)})
    return sorted({each for other in pairs if own & {*_ids([other])} for each in _ids([other])} - own)


def _likely(pairs: Iterable[Pair]) -> list[Pair]:
    return [pair for pair in pairs if (pair.shared or pair.says) and pair.is_in_time]


def sweep_words(account: BankAccount, line_ids: Collection[int]) -> dict[int, str]:
    """What to tell of open lines that are, or read like, half of a transfer. At most five queries."""
    pairs = _pairs(account, _open_on_both_sides(account))
    counted, likely = _counted(pairs), {each: pair for pair in _likely(pairs) for each in _ids([pair])}
    numbers, said = _own_numbers(_own_accounts(account)), {}
    for line in StatementLine.objects.filter(pk__in=line_ids).order_by("pk"):
        pair = likely.get(line.pk)
        if pair and _is_alone(pair, counted):
            code = pair.other_of(line.pk).account.code
            said[line.pk] = f"May be a transfer: {code} shows the opposite amount, {pair.reasons[0]}."
        elif pair:
            said[line.pk] = "May be a transfer, but lines of own accounts fit equally. Choose among them."
        elif reads_like_transfer(_text(line)) or _named_account([line], numbers):
            said[line.pk] = "Reads like a transfer, but no one line of another own account is its other side."
    return said


def half_plan(line: StatementLine, other: StatementLine) -> Plan:
    """What the match of one line of a pair posts."""
    (part,) = line_parts(line.account, [line])
    one, two = line.account.facility.legal_entity_id, other.account.facility.legal_entity_id
    return half_of(part, other_id=other.pk, is_one_entity=one == two)


def other_side(match: Match) -> Match | None:
    """The match of the other account's line, where the match is half of a sweep. One query."""
    rows = Sweep.objects.filter(Q(outgoing=match) | Q(incoming=match))
    sweep = rows.select_related(
        "outgoing__account__facility__legal_entity", "incoming__account__facility__legal_entity"
    ).first()
    if sweep is None:
        return None
    return sweep.incoming if sweep.outgoing_id == match.pk else sweep.outgoing


def _own_accounts(account: BankAccount) -> list[BankAccount]:
    return list(BankAccount.objects.filter(currency=account.currency, is_in_force=True).order_by("pk"))


def _own_numbers(own: list[BankAccount]) -> dict[str, BankAccount]:
    """The own accounts by their numbers, written as the keys of a line are."""
    return {key: account for account in own for key in keys_of([account.number])}


def _open_on_both_sides(account: BankAccount) -> set[int]:
    """Amounts, above zero, that are open on the account one way and on another account the other way."""
    mine = _open_amounts(OpenLine.objects.filter(account=account))
    others = _open_amounts(OpenLine.objects.exclude(account=account)) if mine else set()
    return {abs(minor) for minor in mine if -minor in others}


def _open_amounts(rows: QuerySet[OpenLine]) -> set[int]:
    return set(rows.values_list("line__amount_minor", flat=True).distinct())


def _pairs(account: BankAccount, minors: set[int]) -> list[Pair]:
    """Every pair of open lines of own accounts with one of these amounts."""
    own = _own_accounts(account)
    if not minors or len(own) < 2:
        return []
    ids = [each.pk for each in own]
    rows = StatementLine.objects.filter(
        account_id__in=ids,
        currency=account.currency,
        amount_minor__in=[*minors, *(-minor for minor in minors)],
        pk__in=OpenLine.objects.filter(account_id__in=ids).values("pk"),
    )
    equal: dict[int, list[StatementLine]] = defaultdict(list)
    for line in rows.select_related("account__facility").order_by("pk"):
        equal[abs(line.amount_minor)].append(line)
    few = (group for group in equal.values() if len(group) <= MOST_EQUAL)
    numbers = _own_numbers(own)
    return [pair for group in few for pair in _pairs_among(group, numbers)]


def _pairs_among(lines: list[StatementLine], numbers: dict[str, BankAccount]) -> Iterable[Pair]:
    outs = [line for line in lines if line.amount_minor < 0]
    for gone, came in product(outs, [line for line in lines if line.amount_minor > 0]):
        if gone.account_id == came.account_id or abs(gone.booked_on - came.booked_on) > NEAR:
            continue
        shared = [key for key in gone.keys if key in came.keys and key not in numbers]
        yield Pair(gone, came, shared, _says([gone, came], numbers))


def _says(lines: list[StatementLine], numbers: dict[str, BankAccount]) -> str:
    if named := _named_account(lines, numbers):
        return f"names the account {named}"
    return "worded as a transfer" if any(reads_like_transfer(_text(line)) for line in lines) else ""


def _named_account(lines: list[StatementLine], numbers: dict[str, BankAccount]) -> str:
    """The code of the own account whose number a line of another account bears; "" where none does."""
    named = (account for line in lines for key in line.keys if (account := _other(numbers.get(key), line)))
    return next((account.code for account in named), "")


def _other(account: BankAccount | None, line: StatementLine) -> BankAccount | None:
    return account if account and account.pk != line.account_id else None


def _text(line: StatementLine) -> str:
    return " ".join([line.description, line.counterparty, *line.references])


def _counted(pairs: list[Pair]) -> Counter[int]:
    return Counter(each for pair in pairs for each in (pair.outgoing.pk, pair.incoming.pk))


def _is_alone(pair: Pair, lines: Counter[int]) -> bool:
    return lines[pair.outgoing.pk] == lines[pair.incoming.pk] == 1


def _is_on_these_alone(pair: Pair) -> bool:
    """Whether no third line of an own account bears what they share: it is no sender's number."""
    bearing = StatementLine.objects.filter(
        account_id__in=[each.pk for each in _own_accounts(pair.outgoing.account)],
        booked_on__range=(pair.outgoing.booked_on - NEAR, pair.outgoing.booked_on + NEAR),
        keys__overlap=pair.shared,
    )
    return bearing.count() == 2


def _ids(pairs: Collection[Pair]) -> list[int]:
    return [each for pair in pairs for each in (pair.outgoing.pk, pair.incoming.pk)]


def _taken_apart(pairs: list[Pair]) -> set[int]:
    """Lines of these that were half of a sweep before, which a person undid."""
    undone = MatchLine.objects.filter(line_id__in=_ids(pairs), undo__isnull=False)
    halves = Q(match__sweep_out__isnull=False) | Q(match__sweep_in__isnull=False)
    return set(undone.filter(halves).values_list("line_id", flat=True))


def _awaited(pairs: list[Pair]) -> set[int]:
    """Lines of these with a reference that something still expected on their account bears."""
    found = set()
    for line in (each for pair in pairs for each in (pair.outgoing, pair.incoming)):
        items = OpenItem.objects.filter(account_id=line.account_id, expectation__keys__overlap=line.keys)
        if items.exists():
            found.add(line.pk)
    return found
