"""Managing the ways to banks' files."""

from django.conf import settings
from django.db import transaction

from hms_ach import audit, clock
from hms_ach.access.models import Facility, User
from hms_ach.outbox.rules.address import AddressRefused, checked
from hms_ach.refusal import Refusal
from hms_ach.sftp import host_key_of, place_of
from reconciliation.gateways.folder import is_place
from reconciliation.gateways.https import context_of
from reconciliation.gateways.source import SourceFailed
from reconciliation.models import BankConnection

Kind = BankConnection.Kind


class ConnectionWrong(Refusal):
    code = "bank_connection_wrong"
    status = 422
    sentence = "The connection cannot be kept: {why}."


class ConnectionNameTaken(Refusal):
    code = "bank_connection_name_taken"
    sentence = "The facility has a connection {name} already. Choose another name."


@transaction.atomic
def create_bank_connection(
    *,
    facility: Facility,
    name: str,
    kind: str,
    place: str,
    actor: User,
    pattern: str = "*",
    username: str = "",
    secret: str = "",
    host_key: str = "",
    authorities: str = "",
) -> BankConnection:
    """Add a way to a bank's files; the secret is sealed and never shown again.

    See BankConnection for what the arguments hold. Raises ConnectionWrong, ConnectionNameTaken.
    """
    _check(kind, place, secret=secret, host_key=host_key, authorities=authorities, username=username)
    if BankConnection.objects.filter(facility=facility, name=name).exists():
        raise ConnectionNameTaken(name=name)
    connection = BankConnection.objects.create(
        facility=facility,
        name=name,
        kind=kind,
        place=place,
        pattern=pattern or "*",
        username=username,
        secret=secret,
        host_key=host_key.strip(),
        authorities=authorities.strip(),
        owner=actor,
        created_at=clock.now(),
    )
    audit.record(
        "reconciliation.create_bank_connection",
        actor=actor,
        subject=connection,
        facility=facility,
        after={"kind": kind, "place": place, "pattern": pattern, "username": username},
    )
    return connection


@transaction.atomic
def change_bank_secret(
    *, connection_id: int, actor: User, secret: str, host_key: str = "", authorities: str = ""
) -> BankConnection:
    """Replace the secret, and the host key or authorities where given. Raises ConnectionWrong."""
    connection = BankConnection.objects.select_for_update().get(pk=connection_id)
    connection.secret = secret
    connection.host_key = host_key.strip() or connection.host_key
    connection.authorities = authorities.strip() or connection.authorities
    _check(
        connection.kind,
        connection.place,
        secret=secret,
        host_key=connection.host_key,
        authorities=connection.authorities,
        username=connection.username,
    )
    connection.save(update_fields=["secret", "host_key", "authorities"])
    audit.record(
        "reconciliation.change_bank_secret", actor=actor, subject=connection, facility=connection.facility
    )
    return connection


@transaction.atomic
def pause_bank_connection(*, connection_id: int, actor: User) -> BankConnection:
    """Fetch nothing until it is resumed."""
    return _change_state(
        connection_id, BankConnection.State.PAUSED, "reconciliation.pause_bank_connection", actor
    )


@transaction.atomic
def resume_bank_connection(*, connection_id: int, actor: User) -> BankConnection:
    """Fetch again, from the next night on."""
    return _change_state(
        connection_id, BankConnection.State.ACTIVE, "reconciliation.resume_bank_connection", actor
    )


def _change_state(connection_id: int, state: str, action: str, actor: User) -> BankConnection:
    connection = BankConnection.objects.select_for_update().get(pk=connection_id)
    before, connection.state = connection.state, state
    connection.save(update_fields=["state"])
    audit.record(
        action,
        actor=actor,
        subject=connection,
        facility=connection.facility,
        before={"state": before},
        after={"state": state},
    )
    return connection


def _check(kind: str, place: str, *, secret: str, host_key: str, authorities: str, username: str) -> None:
    """What can be known without the network. Raises ConnectionWrong."""
    loopback = settings.BANK_ALLOW_LOOPBACK
    try:
        if kind == Kind.FOLDER:
            if not is_place(place):
                raise ConnectionWrong(
                    why="the folder is a name below the folder for banks, such as north/inbox"
                )
        elif kind == Kind.SFTP:
            place_of(place, allow_loopback=loopback)
            host_key_of(host_key)
            if not username or not secret:
                raise ConnectionWrong(why="SFTP needs a user name and a private key or password")
        else:
            if checked(place, allow_loopback=loopback).scheme != "https":
                raise ConnectionWrong(why="the address does not start with https://")
            context_of(secret, authorities)
    except AddressRefused as refused:
        raise ConnectionWrong(why=f"its address is refused, {refused.params['why']}") from None
    except ValueError:
        raise ConnectionWrong(why="the host key is not a line of known_hosts or of a .pub file") from None
    except SourceFailed as failed:
        raise ConnectionWrong(why=str(failed)) from None
