"""What a facility's latest batch would have been under another version of the map, side by side."""

from collections import defaultdict
from dataclasses import dataclass

from hms_ach.access.models import Facility
from hms_ach.money import Money, total
from hms_ach.refusal import Refusal
from ledger.models import GlBatch, MappingVersion, Posting
from ledger.queries.batch_lines import SummedLine, led_under, refuse_dead_targets, summed


class NothingToSimulate(Refusal):
    code = "nothing_to_simulate"
    status = 422
    sentence = "{facility} has no batch yet. Build one first; then the draft can be tried on it."


@dataclass(frozen=True, slots=True)
class CodeFigures:
    """What one code of the general ledger gets, now and under the draft; debits less credits."""

    code: str
    now: Money
    draft: Money

    @property
    def difference(self) -> Money:
        return self.draft - self.now


@dataclass(frozen=True, slots=True)
class Moved:
    """What one combination of category and dimensions is led to, now and under the draft."""

    category: str
    payer_class: str
    tender: str
    amount: Money
    now: str
    draft: str


@dataclass(frozen=True, slots=True)
class Simulation:
    """gap is the draft's own refusal when it has no rule for something; the figures are empty then."""

    batch: GlBatch
    by_code: list[CodeFigures]
    moved: list[Moved]
    n_lines: int
    gap: str = ""

    @property
    def is_balanced(self) -> bool:
        currency = self.batch.functional_currency
        return not total([figures.draft for figures in self.by_code], currency)


def simulate(*, version: MappingVersion, facility: Facility, batch: GlBatch | None = None) -> Simulation:
    """Lead the facility's latest batch under a draft and under the map it was built with. Nine SQL queries.

    Nothing is written. Raises NothingToSimulate.
    """
    batch = batch or _latest(facility)
    if batch is None:
        raise NothingToSimulate(facility=facility.code)
    lines = summed(Posting.objects.filter(entry__gl_batch_entries__batch=batch))
    now = led_under(batch.mapping, lines, facility=facility)
    try:
        draft = led_under(version, lines, facility=facility)
        refuse_dead_targets(version, draft)
    except Refusal as gap:
        return Simulation(batch, [], [], len(lines), gap=str(gap))
    currency = batch.functional_currency
    moved = [_moved(before, after, currency) for before, after in zip(now, draft, strict=True)]
    changed = [each for each in moved if each.now != each.draft]
    return Simulation(batch, _by_code(now, draft, currency), changed, len(lines))


def _latest(facility: Facility) -> GlBatch | None:
    rows = GlBatch.objects.filter(facility=facility, n_entries__gt=0)
    return rows.select_related("mapping").order_by("-id").first()


def _by_code(now: list[SummedLine], draft: list[SummedLine], currency: str) -> list[CodeFigures]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for side, lines in enumerate((now, draft)):
        for line in lines:
            sums[line.code][side] += line.functional_minor
    return [
        CodeFigures(code, Money(before, currency), Money(after, currency))
        for code, (before, after) in sorted(sums.items())
    ]


def _moved(before: SummedLine, after: SummedLine, currency: str) -> Moved:
    return Moved(
        category=before.role,
        payer_class=before.payer_class,
        tender=before.tender,
        amount=before.functional(currency),
        now=before.code,
        draft=after.code,
    )
