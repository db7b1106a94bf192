"""What an API view is given: a request of a client that ClientAuthentication has let in."""

from oauth2_provider.models import AbstractAccessToken
from rest_framework.request import Request

from hms_ach.access.models import ApiClient, User


class ApiRequest(Request):
    """A request of a client. Named in signatures; Django REST framework makes the plain one.

    user  the client's service account
    """

    user: User
    auth: AbstractAccessToken
    api_client: ApiClient
