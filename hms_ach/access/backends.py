"""How Django learns who somebody is, and what that person may do."""

from allauth.account.auth_backends import AuthenticationBackend

from hms_ach.access.queries import permissions_held


class RoleBackend(AuthenticationBackend):
    """Passwords as allauth checks them; permissions from the roles a user holds, and from nothing else."""

    def get_all_permissions(self, user_obj, obj=None) -> set[str]:
        return set() if obj is not None else set(permissions_held(user_obj))

    def get_user_permissions(self, user_obj, obj=None) -> set[str]:
        return self.get_all_permissions(user_obj, obj)

    def get_group_permissions(self, user_obj, obj=None) -> set[str]:
        return set()

    def has_perm(self, user_obj, perm: str, obj=None) -> bool:
        return obj is None and perm in permissions_held(user_obj)

    def has_module_perms(self, user_obj, app_label: str) -> bool:
        return any(held.startswith(f"{app_label}.") for held in permissions_held(user_obj))
