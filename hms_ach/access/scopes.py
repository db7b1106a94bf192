"""What an API client may be allowed: the closed list of scopes, matched letter by letter."""

from oauth2_provider.scopes import BaseScopes

SCOPES = {
    "invoices:read": "Read invoices",
    "invoices:write": "Create and cancel invoices",
    "arrivals:read": "Read who is expected and who is at the desk",
    "arrivals:write": "Tell who is expected, who has come, and what they should pay",
    "payments:read": "Read payments",
    "payments:write": "Record payments received",
    "sessions:read": "Read cash sessions, and their X and Z reads",
    "deposits:read": "Read deposits on their way to the bank",
    "refunds:request": "Ask for a refund; people approve it",
    "statements:read": "Read bank statements",
    "statements:write": "Send bank statements",
    "advices:write": "Announce what the bank will show: remittances, ACH files and returns",
    "accounts:read": "Read the chart of accounts and who plays which role",
    "accounts:write": "Send a chart of accounts",
    "statistics:read": "Read what is counted: patient days, visits",
    "statistics:write": "Send what is counted, and take it back",
    "journals:read": "Read journals by hand",
    "journals:write": "Prepare journals; people approve them",
    "rates:read": "Read exchange rates",
    "rates:write": "Send exchange rates",
    "gl:read": "Read general-ledger batches",
    "gl:write": "Build general-ledger batches; people approve them",
    "gl:ack": "Acknowledge general-ledger batches",
    "era:write": "Send remittances",
    "ach:read": "Read ACH files",
    "webhooks:manage": "Manage webhook endpoints",
}


class ClientScopes(BaseScopes):
    """A client gets the scopes it is registered for, and no other; all of them when it names none."""

    def get_all_scopes(self) -> dict[str, str]:
        return SCOPES

    def get_available_scopes(self, application=None, request=None, *args, **kwargs) -> list[str]:
        client = getattr(application, "api_client", None)
        return list(client.scopes) if client and client.user.is_active else []

    def get_default_scopes(self, application=None, request=None, *args, **kwargs) -> list[str]:
        return self.get_available_scopes(application, request)
