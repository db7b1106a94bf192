"""Tables and their constraints."""

from hms_ach.access.models.facility import Department, Facility, LegalEntity
from hms_ach.access.models.number_series import NumberSeries
from hms_ach.access.models.user import User

__all__ = ["Department", "Facility", "LegalEntity", "NumberSeries", "User"]
