"""Who somebody is and what is open to them.

roles_of              the roles a user holds now
permissions_held      what these roles allow
has_permission        whether they allow one thing
facilities_of         the facilities a user works in
facility_ids_of       their ids, for scoping rows
facility_by_code      one facility of a user, by its code
people                everybody who may sign in
people_who_may        the holders of a permission in a facility
role_grants_of        the roles somebody was ever given
api_clients           the programs that use the API
badge_waiting_since   since when a badge waits for its owner
"""

from hms_ach.access.queries.desk_code import badge_waiting_since
from hms_ach.access.queries.facility import (
    FacilityUnknown,
    facilities_of,
    facility_by_code,
    facility_ids_of,
)
from hms_ach.access.queries.role import has_permission, permissions_held, roles_of
from hms_ach.access.queries.user import (
    ClientRow,
    UserRow,
    api_clients,
    people,
    people_who_may,
    role_grants_of,
)

__all__ = [
    "ClientRow",
    "FacilityUnknown",
    "UserRow",
    "api_clients",
    "badge_waiting_since",
    "facilities_of",
    "facility_by_code",
    "facility_ids_of",
    "has_permission",
    "people",
    "people_who_may",
    "permissions_held",
    "role_grants_of",
    "roles_of",
]
