"""How the demo's batches reach the general ledger: a folder that works, and a server that awaits approval."""

from pathlib import Path
from typing import Any

from django.conf import settings

from hms_ach.demo.network import Network
from ledger.commands import approve_delivery_profile, deliver, queue_delivery, write_delivery_profile
from ledger.queries import gl_batches

_FOLDER = "oracle/inbox"
_HOST_KEY = (
    "sftp.erp.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDzv1h5K8m0m1m3n1xJqkSg7wMqWQk9vJ0hMZkzq5nUe"
)


def deliver_batches(network: Network) -> None:
    """Send the latest approved batches of the first facility into the folder; later ones go by themselves."""
    gil, finn = network.who("controller.gil"), network.who("approver.finn")
    (Path(settings.GL_FOLDERS) / _FOLDER).mkdir(parents=True, exist_ok=True)
    facility = next(iter(network.places.values())).facility
    said: dict[str, Any] = {
        "legal_entity": facility.legal_entity,
        "layout": "fbdi",
        "name_pattern": "GL_{number}.{extension}",
    }
    profile = write_delivery_profile(
        **said,
        code="oracle-folder",
        way="FOLDER",
        place=_FOLDER,
        is_automatic=True,
        reason="Oracle's import picks files up here every hour",
        actor=gil,
    )
    approve_delivery_profile(profile=profile, actor=finn)
    for batch in gl_batches(facility_ids=[facility.pk], states=["APPROVED"]).order_by("id"):
        deliver(delivery_id=queue_delivery(batch=batch, profile=profile, actor=finn).pk)
    write_delivery_profile(
        **said,
        code="oracle-sftp",
        way="SFTP",
        place="sftp.erp.example:22/inbound/gl",
        username="hms-ach",
        secret="not a real password",  # noqa: S106
        host_key=_HOST_KEY,
        reason="Oracle moves to its own server next quarter",
        actor=gil,
    )
