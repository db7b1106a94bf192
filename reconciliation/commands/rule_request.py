"""Asking for a try of a learnt rule, which the worker makes."""

from django.db import OperationalError, transaction

from hms_ach import clock
from hms_ach.access.models import User
from reconciliation.commands.rule_try import try_rule
from reconciliation.models import LearntRule, RuleRequest

_TOO_LONG = "The try took longer than its five minutes. Try it at night, when the machine is free."


@transaction.atomic
def ask_for_try(*, rule_id: int, actor: User) -> RuleRequest:
    """Write down that the rule is to be tried; the one that waits already, where one does.

    The caller queues tasks.try_learnt_rule; what the queue loses, tasks.sweep_rule_requests finds.
    """
    rule = LearntRule.objects.select_for_update().get(pk=rule_id)
    waiting = RuleRequest.objects.filter(rule=rule, answered_at=None).first()
    return waiting or RuleRequest.objects.create(rule=rule, asked_by=actor, asked_at=clock.now())


@transaction.atomic
def answer_request(*, request_id: int) -> RuleRequest | None:
    """Make the try that was asked for. None where another worker makes it, or it is made already.

    Safe to run twice and at once. A try that takes too long is answered with its problem.
    """
    open_rows = RuleRequest.objects.select_for_update(skip_locked=True, of=("self",))
    request = open_rows.select_related("asked_by").filter(pk=request_id, answered_at=None).first()
    if request is None:
        return None
    try:
        with transaction.atomic():
            request.answer = try_rule(rule_id=request.rule_id, actor=request.asked_by)
    except OperationalError:
        request.answer, request.problem = None, _TOO_LONG
    request.answered_at = clock.now()
    request.save(update_fields=["answer", "problem", "answered_at"])
    return request
