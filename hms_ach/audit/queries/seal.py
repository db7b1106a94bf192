"""How far the trail is sealed."""

from hms_ach.audit.models import Event, Seal

# What the timed check of the whole trail is called in the trail.
CHECKED = "audit.verify_trail"


def last_check() -> Event | None:
    """The newest timed check of the whole trail; its `after` has the figures. One query."""
    return Event.objects.filter(action=CHECKED).order_by("-at", "-id").first()


def last_seal() -> Seal | None:
    """The newest seal. One query."""
    return Seal.objects.order_by("-number").first()


def is_sealed(event: Event, last: Seal | None) -> bool:
    """Whether an event lies under a seal, given the newest one."""
    return last is not None and (event.epoch, event.transaction) < (last.epoch, last.high)


def seal_of(event: Event) -> Seal | None:
    """The seal over an event. One query."""
    covering = Seal.objects.filter(epoch=event.epoch, low__lte=event.transaction, high__gt=event.transaction)
    return covering.order_by("number").first()
