"""What may become of a GL batch. The database holds the same table (ledger_glbatchstep_follows)."""

FOLLOWING: dict[str, tuple[str, ...]] = {
    "": ("BUILT",),
    "BUILT": ("VALIDATED", "REJECTED"),
    "VALIDATED": ("APPROVED", "REJECTED"),
    "APPROVED": ("EXPORTED", "ACKNOWLEDGED", "REJECTED"),
    "EXPORTED": ("ACKNOWLEDGED", "REJECTED"),
    "ACKNOWLEDGED": ("POSTED", "REJECTED"),
    "POSTED": ("REVERSED",),
    "REJECTED": ("REBUILT",),
    "REVERSED": ("REBUILT",),
    "REBUILT": (),
}

# The general ledger may see a batch in these states, and its bytes are handed out.
RELEASED = ("APPROVED", "EXPORTED", "ACKNOWLEDGED", "POSTED", "REVERSED")

# A batch in these states may be on its way there; a reversed one no more.
DELIVERABLE = RELEASED[:-1]


def may_follow(state: str, wanted: str) -> bool:
    return wanted in FOLLOWING[state]
