"""One half of a movement between own accounts: its match, and who may touch the other."""

from collections.abc import Sequence

from hms_ach.access.models import Facility, User
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from reconciliation.commands.approved_match import PlanOutdated
from reconciliation.commands.plan import chosen_sweep
from reconciliation.commands.written_match import write_match
from reconciliation.models import Discrepancy, Match, MatchRun, Proposal, StatementLine, Sweep
from reconciliation.queries.sweep import equals_of, half_plan, sweeps_of


class OtherSideElsewhere(Refusal):
    code = "other_side_elsewhere"
    status = 403
    sentence = "The other side is an account of {facility}. Ask somebody who works there too."


def refuse_elsewhere(facility: Facility, actor: User) -> None:
    """Raises OtherSideElsewhere for a facility in which the person does not work."""
    if facility.pk not in facility_ids_of(actor):
        raise OtherSideElsewhere(facility=facility.code)


def other_line_of(
    found: Discrepancy, action: str, actor: User, line_ids: Sequence[int]
) -> dict[str, int | list[int]]:
    """What a proposal remembers besides its plan: the other account's line, and what fitted equally.

    Raises OtherSideElsewhere.
    """
    if action != Proposal.Action.TRANSFER or found.line is None:
        return {}
    pair = chosen_sweep(found, line_ids)
    other = pair.other_of(found.line.pk)
    refuse_elsewhere(other.account.facility, actor)
    return {"other_line": other.pk, "equals": equals_of(pair)}


def still_other_line(found: Discrepancy, proposal: Proposal, actor: User) -> StatementLine:
    """The other line as proposed. Raises PlanOutdated when it is matched, or one more fits as well by now."""
    line, wanted = found.line, proposal.plan["other_line"]
    assert line is not None
    pair = next((each for each in sweeps_of(line).pairs if each.other_of(line.pk).pk == wanted), None)
    if pair is None or not {*equals_of(pair)} <= {*proposal.plan.get("equals", [])}:
        raise PlanOutdated()
    other = pair.other_of(line.pk)
    refuse_elsewhere(other.account.facility, actor)
    return other


def write_half(
    line: StatementLine,
    other: StatementLine,
    *,
    pass_name: str,
    reasons: Sequence[str],
    run: MatchRun | None = None,
    maker: User | None = None,
) -> Match:
    """Write the match of one line of the pair; the caller posts it."""
    return write_match(
        account=line.account,
        pass_name=pass_name,
        reasons=[f"other side {other.account.code}", *reasons],
        lines=[line.pk],
        items=[],
        adjustments=half_plan(line, other).adjustments,
        effective_on=line.booked_on,
        run_id=run.pk if run else None,
        actor_id=maker.pk if maker else None,
    )


def keep_sweep(one: Match, line: StatementLine, two: Match) -> None:
    """Tie both matches together; line: that of the first."""
    outgoing, incoming = (one, two) if line.amount_minor < 0 else (two, one)
    Sweep.objects.create(outgoing=outgoing, incoming=incoming)
