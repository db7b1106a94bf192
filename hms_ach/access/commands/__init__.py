"""Changes to who works here and what is open to them. Each is audited and counts from the next request on.

create_legal_entity  create_facility  create_department     the containers of all money
create_user  suspend_user  reinstate_user                   people and service accounts
grant_role  revoke_role                                     what they may do
grant_facility  revoke_facility                             where they may do it
create_api_client  change_api_scopes  rotate_api_secret     programs that use the API
suspend_api_client  reinstate_api_client
set_pin  enrol_badge  confirm_badge  refuse_badge           agreeing at somebody else's screen
withdraw_desk_code  who_agrees
"""

from hms_ach.access.commands.api_client import (
    ClientIdMalformed,
    ClientIdTaken,
    NewSecret,
    ScopeUnknown,
    change_api_scopes,
    create_api_client,
    reinstate_api_client,
    rotate_api_secret,
    suspend_api_client,
)
from hms_ach.access.commands.desk_code import (
    Agreement,
    BadgeNotWaiting,
    BadgeOther,
    BadgeTaken,
    DeskCodeLocked,
    DeskCodeOwn,
    DeskCodeReasonMissing,
    DeskCodeWrong,
    confirm_badge,
    enrol_badge,
    refuse_badge,
    set_pin,
    who_agrees,
    withdraw_desk_code,
)
from hms_ach.access.commands.facility_grant import grant_facility, revoke_facility
from hms_ach.access.commands.organisation import (
    CodeTaken,
    create_department,
    create_facility,
    create_legal_entity,
)
from hms_ach.access.commands.role import (
    RoleConflictRefused,
    RoleNotForKind,
    RoleNotHeld,
    RoleToOneself,
    grant_role,
    revoke_role,
)
from hms_ach.access.commands.user import UsernameTaken, create_user, reinstate_user, suspend_user

__all__ = [
    "Agreement",
    "BadgeNotWaiting",
    "BadgeOther",
    "BadgeTaken",
    "ClientIdMalformed",
    "ClientIdTaken",
    "CodeTaken",
    "DeskCodeLocked",
    "DeskCodeOwn",
    "DeskCodeReasonMissing",
    "DeskCodeWrong",
    "NewSecret",
    "RoleConflictRefused",
    "RoleNotForKind",
    "RoleNotHeld",
    "RoleToOneself",
    "ScopeUnknown",
    "UsernameTaken",
    "change_api_scopes",
    "confirm_badge",
    "create_api_client",
    "create_department",
    "create_facility",
    "create_legal_entity",
    "create_user",
    "enrol_badge",
    "grant_facility",
    "grant_role",
    "refuse_badge",
    "reinstate_api_client",
    "reinstate_user",
    "revoke_facility",
    "revoke_role",
    "rotate_api_secret",
    "set_pin",
    "suspend_api_client",
    "suspend_user",
    "who_agrees",
    "withdraw_desk_code",
]
