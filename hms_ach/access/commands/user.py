"""People and service accounts."""

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from hms_ach import audit
from hms_ach.access.models import User
from hms_ach.refusal import Refusal


class UsernameTaken(Refusal):
    code = "username_taken"
    sentence = "The user name {username} is already used. Choose another."


@transaction.atomic
def create_user(
    *,
    username: str,
    name: str,
    password: str | None = None,
    email: str = "",
    kind: str = User.Kind.PERSON,
    actor: User | None = None,
) -> User:
    """Somebody who may act, at first without a role and without a facility.

    password  checked against the rules for passwords; None: cannot sign in with one

    Raises UsernameTaken, and Django's ValidationError for a password that the rules refuse.
    """
    if User.objects.filter(username=username).exists():
        raise UsernameTaken(username=username)
    user = User(username=username, name=name, email=email, kind=kind)
    if password is None:
        user.set_unusable_password()
    else:
        validate_password(password, user)
        user.set_password(password)
    user.save()
    audit.record("access.create_user", actor=actor, subject=user, after={"username": username, "kind": kind})
    return user


def suspend_user(*, user: User, reason: str, actor: User) -> User:
    """Stop somebody from acting: sessions and tokens are refused from the next request on."""
    return _set_active(user, is_active=False, reason=reason, actor=actor)


def reinstate_user(*, user: User, reason: str, actor: User) -> User:
    """Let somebody act again, with the roles and facilities still held."""
    return _set_active(user, is_active=True, reason=reason, actor=actor)


@transaction.atomic
def _set_active(user: User, *, is_active: bool, reason: str, actor: User) -> User:
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    action = "access.reinstate_user" if is_active else "access.suspend_user"
    audit.record(action, actor=actor, subject=user, reason=reason)
    return user
