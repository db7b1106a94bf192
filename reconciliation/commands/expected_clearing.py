"""Money in suspense that turns out to have been expected: the item is matched, and suspense relieved."""

from django.db import connection

from hms_ach import clock
from hms_ach.access.models import User
from hms_ach.ids import new_id
from hms_ach.refusal import Refusal
from reconciliation.commands.approved_match import PROPOSED
from reconciliation.commands.match import write_proposed
from reconciliation.commands.opening import close_matched
from reconciliation.commands.posting import post_match
from reconciliation.models import Expectation, Match, OpenItem, SuspenseClearing
from reconciliation.rules.clearing import SUSPENSE


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
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS proposed")
        cursor.execute(
            PROPOSED,
            {
                "public_id": new_id("mat"),
                "pass": "suspense",
                "reasons": '["found again in suspense, by its reference and amount"]',
                "lines": [],
                "items": [item.pk],
                "roles": [SUSPENSE],
                "amounts": [clearing.amount_minor],
                "references": [clearing.reference],
                "on": clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff),
            },
        )
        ids = write_proposed(cursor, account=item.account, run_id=None, actor_id=actor.pk)
    match = Match.objects.select_related("account__facility", "made_by").get(pk=ids[0])
    close_matched([match.pk])
    post_match(match, actor=actor)
    return match
