"""The keys of a facility's registers."""

from collections.abc import Mapping

from django.db import transaction

from cashiering.models import TillPolicy
from cashiering.rules.keys import check_keys
from hms_ach import audit
from hms_ach.access.models import Facility, User


@transaction.atomic
def choose_keys(*, facility: Facility, chosen: Mapping[str, str], actor: User) -> TillPolicy:
    """Let the registers of a facility answer to other keys. Raises KeyMalformed or KeyTaken.

    chosen  key by action, such as {"cash": "F5"}; an action left out has its own
    """
    keys = check_keys(chosen)
    policy, _is_new = TillPolicy.objects.get_or_create(facility=facility)
    before, policy.keys = policy.keys, keys
    policy.save()
    audit.record(
        "cashiering.choose_keys", actor=actor, subject=facility, facility=facility, before=before, after=keys
    )
    return policy
