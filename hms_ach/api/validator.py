"""Which requests for a token are granted at all."""

from oauth2_provider.oauth2_validators import OAuth2Validator


class ActiveClients(OAuth2Validator):
    """Tokens for registered programs whose service account is active, and for nobody else."""

    def validate_grant_type(self, client_id, grant_type, client, request, *args, **kwargs) -> bool:
        registered = getattr(request.client, "api_client", None)
        if registered is None or not registered.user.is_active:
            return False
        return super().validate_grant_type(client_id, grant_type, client, request, *args, **kwargs)
