"""Signing as Standard Webhooks 1.0 says."""

from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from hms_ach.outbox.rules.envelope import signed_headers

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


def test_the_published_vector_signs_as_published():
    headers = signed_headers(
        public_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        moment=datetime.fromtimestamp(1614265330, UTC),
        content=b'{"test": 2432232314}',
        secrets=[SECRET],
    )

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("secret", [SECRET, OTHER])
def test_during_a_rotation_both_secrets_verify(secret):
    content = b'{"id":"evt_1"}'
    headers = signed_headers(
        public_id="evt_1", moment=datetime.now(UTC), content=content, secrets=[SECRET, OTHER]
    )

    assert Webhook(secret).verify(content, headers) == {"id": "evt_1"}
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(content + b" ", headers)
