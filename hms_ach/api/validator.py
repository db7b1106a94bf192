"""Which requests for a token are granted at all, and how a token is found again."""

import hashlib

from oauth2_provider.models import AbstractAccessToken, AccessToken
from oauth2_provider.oauth2_validators import OAuth2Validator


class ActiveClients(OAuth2Validator):
    """Tokens for registered programs whose service account is active, and for nobody else."""

    def _load_access_token(self, token: str) -> AbstractAccessToken | None:
        """The token with its client and the client's service account. One SQL query."""
        rows = AccessToken.objects.select_related("application__api_client__user")
        return rows.filter(token_checksum=hashlib.sha256(token.encode()).hexdigest()).first()

    def validate_grant_type(self, client_id, grant_type, client, request, *args, **kwargs) -> bool:
        registered = getattr(request.client, "api_client", None)
        if registered is None or not registered.user.is_active:
            return False
        return super().validate_grant_type(client_id, grant_type, client, request, *args, **kwargs)
