"""The base of every API view."""

from collections.abc import Callable
from typing import Any, ClassVar, cast

from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import ParseError, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hms_ach.access.models import Facility
from hms_ach.access.queries import facility_by_code, facility_ids_of
from hms_ach.api import idempotent
from hms_ach.api.authentication import ClientAuthentication
from hms_ach.api.json_body import StrictJSONParser
from hms_ach.api.pagination import CursorPages
from hms_ach.api.request import ApiRequest
from hms_ach.api.request_body import RequestBody
from hms_ach.api.throttles import ClientThrottle
from hms_ach.refusal import Refusal

ByMethod = str | dict[str, str]

# For what every client with a token may have: the description of the API.
ANY_SCOPE = "any scope"


def for_method(declared: ByMethod, method: str) -> str:
    """A declaration that is one for all methods, or one for each. HEAD is read as GET."""
    if isinstance(declared, str):
        return declared
    return declared.get("GET" if method in ("HEAD", "OPTIONS") else method, "")


class LengthRequired(Refusal):
    code = "length_required"
    status = 411
    sentence = "The body came in chunks without its length. Send it with a Content-Length; nothing was kept."


class IsAllowed(BasePermission):
    """The token has the view's scope and the service account its permission."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        assert isinstance(view, ApiView)
        request = cast(ApiRequest, request)
        if request.auth is None:
            return False
        method = request.method or ""
        scope = for_method(view.required_scope, method)
        permission = for_method(view.required_permission, method)
        _refuse_unallowed(request, scope, permission)
        return True


def _refuse_unallowed(request: ApiRequest, scope: str, permission: str) -> None:
    if scope != ANY_SCOPE and not _is_in_scope(request, scope):
        raise PermissionDenied(f"This needs the scope {scope}. Ask for it when you get the token.")
    if not permission or not request.user.has_perm(permission):
        raise PermissionDenied(f"Your client's role does not allow {permission}.")


def _is_in_scope(request: ApiRequest, scope: str) -> bool:
    """In the token, and still among the client's scopes."""
    return bool(scope) and request.auth.allow_scopes([scope]) and scope in request.api_client.scopes


class ApiView(APIView):
    """Parses, calls one command or query, and shows the result. Subclasses declare:

    required_scope       such as "invoices:write", or one for each method {"GET": …, "POST": …}
    required_permission  such as "billing.issue_invoice", likewise
    query_parameters     the names a GET understands; any other is refused with 400
    is_money_write       whether its writes move money and so need an Idempotency-Key
    """

    required_scope: ClassVar[ByMethod] = ""
    required_permission: ClassVar[ByMethod] = ""
    query_parameters: ClassVar[frozenset[str] | set[str] | tuple[str, ...]] = ()
    is_money_write: ClassVar[bool] = False
    pagination_class: ClassVar[type[CursorPages] | None] = None

    request: ApiRequest
    authentication_classes = [ClientAuthentication]
    permission_classes = [IsAllowed]
    throttle_classes = [ClientThrottle]
    parser_classes = [StrictJSONParser]
    renderer_classes = [JSONRenderer]

    @property
    def facilities(self) -> frozenset[int]:
        """Ids of the client's facilities; every query of the view is narrowed to them."""
        return facility_ids_of(self.request.user)

    def facility(self, code: str) -> Facility:
        """One of the client's facilities by its code. Raises FacilityUnknown."""
        return facility_by_code(self.request.user, code)

    def fingerprint(self) -> str:
        """What a repeated Idempotency-Key must repeat; a view that reads files says its own."""
        return idempotent.fingerprint(self.request)

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """As Django REST framework does it, with writes done once for each Idempotency-Key."""
        self.args, self.kwargs = args, kwargs
        self.request = cast(ApiRequest, self.initialize_request(request, *args, **kwargs))
        self.headers = self.default_response_headers
        try:
            self.initial(self.request, *args, **kwargs)
            response = self._answer(self.request)
        except Exception as error:
            response = self.handle_exception(error)
        self.response = self.finalize_response(self.request, cast(Response, response), *args, **kwargs)
        return self.response

    def initial(self, request: Request, *args, **kwargs) -> None:
        super().initial(request, *args, **kwargs)
        self._refuse_unknown_parameters(request)
        if request.headers.get("Transfer-Encoding") and not request.headers.get("Content-Length"):
            raise LengthRequired()
        if "\0" in request.path or any("\0" in value for value in request.query_params.values()):
            raise ParseError("The address has a zero character, which no text can have.")

    def _answer(self, request: ApiRequest) -> HttpResponse:
        method = (request.method or "").lower()
        known = method in self.http_method_names
        handler = getattr(self, method, None) if known else None
        if handler is None:
            return self.http_method_not_allowed(request)
        key = None
        if request.method in idempotent.WRITES:
            key = idempotent.key_of(request, is_compulsory=self.is_money_write)
        if key is None:
            return handler(request, *self.args, **self.kwargs)
        return idempotent.answered_once(
            client=str(request.api_client),
            key=key,
            fingerprint=self.fingerprint(),
            act=lambda: handler(request, *self.args, **self.kwargs),
        )

    def require(self, *, scope: str, permission: str) -> None:
        """For what a view does besides its declared method. Raises PermissionDenied."""
        _refuse_unallowed(self.request, scope, permission)

    def get_serializer_context(self) -> dict[str, Any]:
        return {"request": self.request, "view": self}

    def read(self, serializer_class: type[RequestBody], **kwargs) -> Any:
        """The validated body. Raises ValidationError, which becomes a problem with JSON pointers."""
        asked = serializer_class(data=self.request.data, context=self.get_serializer_context(), **kwargs)
        asked.is_valid(raise_exception=True)
        return asked.validated_data

    def paged(self, rows: Any, show: type | Callable[[Any], dict[str, Any]]) -> Response:
        """One page of a queryset, each row shown by a serializer class or a function of the row."""
        pages = (self.pagination_class or CursorPages)()
        found: list[Any] = pages.paginate_queryset(rows, self.request, view=self) or []
        if isinstance(show, type):
            shown = show(found, many=True, context=self.get_serializer_context()).data
        else:
            shown = [show(row) for row in found]
        return pages.get_paginated_response(shown)

    def _refuse_unknown_parameters(self, request: Request) -> None:
        known = set(self.query_parameters) | (
            self.pagination_class.parameters if self.pagination_class else set()
        )
        for name, values in request.query_params.lists():
            if name not in known:
                wanted = ", ".join(sorted(known)) or "none"
                raise ParseError(f"There is no query parameter {name[:40]!r} here. Known: {wanted}.")
            if len(values) > 1:
                raise ParseError(f"The query parameter {name!r} is given more than once.")
            if not values[0]:
                raise ParseError(f"The query parameter {name!r} is empty. Give it a value or leave it out.")
