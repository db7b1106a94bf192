"""Money in suspense that turns out to have been expected: the item is matched, and suspense relieved."""

from hms_ach import clock
from hms_ach.access.models import User
from hms_ach.refusal import Refusal
from reconciliation.commands.opening import close_matched
from reconciliation.commands.posting import post_match
from reconciliation.commands.written_match import write_match
from reconciliation.models import Expectation, Match, OpenItem, SuspenseClearing
from reconciliation.rules.clearing import SUSPENSE
from reconciliation.rules.plan import Adjustment


class ExpectedNoMore(Refusal):
    code = "expected_no_more"
    sentence = "What was expected was matched or withdrawn meanwhile. Send the proposal back."


def match_expected(clearing: SuspenseClearing, actor: User) -> Match:
    """Dr suspense, Cr the clearing account of the expected item, which is confirmed. Raises ExpectedNoMore.

    A match without a line: the bank's line was matched when its money went to suspense.
    """
    waiting = Expectation.objects.select_for_update(of=("self",)).filter(
        facility=clearing.facility,
        source_id=clearing.document,
        amount_minor=clearing.amount_minor,
        currency=clearing.currency,
        pk__in=OpenItem.objects.values("pk"),
    )
    item = waiting.select_related("account__facility").order_by("id").first()
    if item is None or item.account is None:
        raise ExpectedNoMore()
    facility = clearing.facility
    match = write_match(
        account=item.account,
        pass_name="suspense",  # noqa: S106 - not a password
        reasons=["found again in suspense, by its reference and amount"],
        lines=[],
        items=[item.pk],
        adjustments=[Adjustment(SUSPENSE, clearing.amount_minor, clearing.reference)],
        effective_on=clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff),
        actor_id=actor.pk,
    )
    close_matched([match.pk])
    post_match(match, actor=actor)
    return match
