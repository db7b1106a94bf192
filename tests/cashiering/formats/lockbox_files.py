"""A lockbox file as a bank writes it, with totals that agree unless a test breaks them."""


def cheque(item: int, minor: int, *stubs: tuple[str, int], batch: int = 1, wide: int = 16) -> list[str]:
    """Record 6 and its records 4. wide: how many characters the bank gives an invoice's number."""
    head = f"6{batch:03}{item:03}{minor:010}0210000211234567890{1000 + item:010}".ljust(80)
    last = len(stubs)
    return [head] + [
        f"4{batch:03}{item:03}6{n:02}{9 if n == last else 0}{invoice:<{wide}}{part:010}".ljust(80)
        for n, (invoice, part) in enumerate(stubs, start=1)
    ]


def lockbox_file(*cheques: list[str], lockbox: str = "7654321", on: str = "260312") -> bytes:
    """One lockbox with one batch of these cheques."""
    minors = [int(each[0][7:17]) for each in cheques]
    count, total = len(cheques), sum(minors)
    rows = [
        f"101HOSPITAL  0210000210{on}0930"[:33].ljust(80),
        "2HOSPITAL  021000021 00000000004000800080"[:42].ljust(80),
        f"5001000{lockbox}{on}HOSPITAL  021000021 ".ljust(80),
        *[record for each in cheques for record in each],
        f"7001{count:03}{lockbox}{on}{count:03}{total:010}".ljust(80),
        f"8001000{lockbox}{on}{count:04}{total:010}".ljust(80),
    ]
    rows.append(f"9{len(rows) + 1:06}".ljust(80))
    return "\n".join(rows).encode() + b"\n"
