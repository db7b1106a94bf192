"""Tables and their constraints."""

from hms_ach.access.models.api_client import ApiClient
from hms_ach.access.models.desk_code import DeskAttempt, DeskCode
from hms_ach.access.models.facility import Department, Facility, LegalEntity
from hms_ach.access.models.facility_grant import FacilityGrant
from hms_ach.access.models.number_series import NumberSeries
from hms_ach.access.models.role import RoleConflict, RoleGrant
from hms_ach.access.models.user import User

__all__ = [
    "ApiClient",
    "Department",
    "DeskAttempt",
    "DeskCode",
    "Facility",
    "FacilityGrant",
    "LegalEntity",
    "NumberSeries",
    "RoleConflict",
    "RoleGrant",
    "User",
]
