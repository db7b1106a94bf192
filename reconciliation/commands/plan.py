"""What a proposal is made of, before it is made."""

from collections.abc import Sequence

from hms_ach.money import Money
from hms_ach.refusal import Refusal
from reconciliation.models import Discrepancy, Expectation, Proposal, StatementLine, Suggestion
from reconciliation.queries.match import item_parts, line_parts
from reconciliation.queries.original import opposite_plan, original_of
from reconciliation.queries.sweep import Pair, half_plan, sweeps_of
from reconciliation.rules.plan import Plan

Action = Proposal.Action
_CLOSING_ROLES = {Action.WRITE_OFF: "write_off.bank_difference", Action.SUSPENSE: "suspense.unidentified"}


class PlanUnbalanced(Refusal):
    code = "plan_unbalanced"
    status = 422
    sentence = "Lines and items differ by {difference}. Choose others, or write the difference off."


class PlanNotOfAccount(Refusal):
    code = "plan_not_of_account"
    status = 422
    sentence = "A chosen line or item belongs to another account or currency. Choose again."


class NothingToPropose(Refusal):
    code = "nothing_to_propose"
    status = 422
    sentence = "{action} does not fit a discrepancy of this kind. Choose another action."


class TransferNotChosen(Refusal):
    code = "transfer_not_chosen"
    status = 422
    sentence = "{count} lines of other own accounts fit equally. Choose one of them."


class AccountMissing(Refusal):
    code = "account_missing"
    status = 422
    sentence = (
        "{facility} has no bank account in {currency} in force. Ask the controller for one under Accounts; "
        "the next matching puts this on it."
    )


class OneSideMissing(Refusal):
    code = "one_side_missing"
    status = 422
    sentence = "Nothing is chosen {where} yet. Choose what belongs together, or another ending."


def plan_for(
    found: Discrepancy, *, action: str, line_ids: Sequence[int] = (), item_ids: Sequence[int] = ()
) -> Plan:
    """What the proposal would be made of: also shown before it is made. Raises as `propose`."""
    if action == Action.ACCEPT:
        return Plan((), ())
    account = found.account
    if account is None:
        raise AccountMissing(facility=found.facility.code, currency=found.currency)
    if action == Action.RETURN:
        return _opposite(found)
    if action == Action.TRANSFER:
        pair = chosen_sweep(found, line_ids)
        assert found.line is not None
        return half_plan(found.line, pair.other_of(found.line.pk))
    wanted_lines = sorted({*line_ids, *([found.line_id] if found.line_id else [])})
    wanted_items = items_of(found, item_ids)
    lines = list(StatementLine.objects.filter(pk__in=wanted_lines, account=account).order_by("pk"))
    items = list(Expectation.objects.filter(pk__in=wanted_items, account=account).order_by("pk"))
    if len(lines) != len(wanted_lines) or len(items) != len(wanted_items):
        raise PlanNotOfAccount()
    plan = Plan(line_parts(account, lines), item_parts(items))
    if action in _CLOSING_ROLES:
        fee = sum(item.fee_minor for item in items) if lines else 0
        return plan.closed_by(_CLOSING_ROLES[Action(action)], found.public_id, fee_minor=fee)
    if not (plan.lines and plan.items):
        raise OneSideMissing(where="in the book" if plan.lines else "at the bank")
    if not plan.is_balanced:
        with_fee = _contracted_fee(plan, items)
        if with_fee is None:
            raise PlanUnbalanced(difference=Money(abs(plan.difference_minor), found.currency))
        return with_fee
    return plan


def _opposite(found: Discrepancy) -> Plan:
    """What takes the earlier match back. Raises NothingToPropose where there is none, or more than one."""
    original = original_of(found.line) if found.line is not None else None
    if original is None or found.line is None:
        raise NothingToPropose(action=Action.RETURN.label)
    return opposite_plan(found.line, original)


def chosen_sweep(found: Discrepancy, line_ids: Sequence[int]) -> Pair:
    """The pair with the chosen line of another own account; nothing needs to be chosen where one fits alone.

    Raises TransferNotChosen between equals, and NothingToPropose where nothing fits, or not what is chosen.
    """
    line = found.line
    if line is None or found.expectation_id:
        raise NothingToPropose(action=Action.TRANSFER.label)
    fitting = sweeps_of(line)
    if not line_ids and fitting.pairs and fitting.only is None:
        raise TransferNotChosen(count=len(fitting.pairs))
    wanted = set(line_ids) or {fitting.only.other_of(line.pk).pk if fitting.only else 0}
    pair = next((each for each in fitting.pairs if {each.other_of(line.pk).pk} == wanted), None)
    if pair is None:
        raise NothingToPropose(action=Action.TRANSFER.label)
    return pair


def items_of(found: Discrepancy, item_ids: Sequence[int]) -> list[int]:
    """The chosen items: where an item is the matter besides it, where a line is, instead of its own."""
    own = [found.expectation_id] if found.expectation_id else []
    if own and not found.line_id:
        return sorted({*item_ids, *own})
    return sorted({*item_ids} or set(own))


def score_of(action: str, plan: Plan) -> int | None:
    """How sure the engine is of a match that a person chose: its weakest link; None where it has no view."""
    if action != Action.MATCH:
        return None
    lines, items = [part.id for part in plan.lines], [part.id for part in plan.items]
    rows = Suggestion.objects.filter(line_id__in=lines, expectation_id__in=items)
    best: dict[int, int] = {}
    for item_id, score in rows.order_by("score", "id").values_list("expectation_id", "score"):
        best[item_id] = score
    return min(best.values()) if best and len(best) == len(items) else None


def _contracted_fee(plan: Plan, items: Sequence[Expectation]) -> Plan | None:
    """The plan with its difference as merchant fee, when it is exactly what the contracts allow."""
    fee = sum(item.fee_minor for item in items)
    return plan.closed_by("fee.merchant") if fee and plan.difference_minor == fee else None
