"""What every API view shares: authentication, scopes, problems, pages, throttles, idempotency.

ApiView        the base of all views
ApiRequest     what their methods are given
RequestBody    the base of every object in a request
MoneyField     {"amount": "125.00", "currency": "USD"}
FacilityField  a facility by its code
CursorPages    long lists, a page at a time
"""

from hms_ach.api.fields import FacilityField, MoneyField
from hms_ach.api.pagination import CursorPages
from hms_ach.api.request import ApiRequest
from hms_ach.api.request_body import RequestBody
from hms_ach.api.views import ApiView

__all__ = ["ApiRequest", "ApiView", "CursorPages", "FacilityField", "MoneyField", "RequestBody"]
