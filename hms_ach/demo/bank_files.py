"""What comes from the demo bank by itself: a watched folder with this morning's interim report in it."""

import os
from datetime import date
from pathlib import Path

from django.conf import settings

from hms_ach.demo.bank import Bank
from hms_ach.demo.network import Network
from reconciliation.commands import create_bank_connection, fetch_files

_REPORT = """:20:INTERIM
:25:{account}
:28C:{number}/1
:34F:USD0,
:13D:{day}0800-0500
:61:{day}C1240,50NTRFE2E-88123//FM{day}01
:86:/EREF/E2E-88123/NAME/Blue Pine Health/REMI/Claims of last week
:61:{day}C318,00NTRFNONREF//FM{day}02
:86:Lockbox 4
:61:{day}D15,00NCHGNONREF//FM{day}03
:86:Wire fee
:90C:2USD1558,50
:90D:1USD15,00
"""
_A_MINUTE_AGO = 60


def announce(network: Network, bank: Bank, today: date) -> None:
    """Put an MT942 into the hospital's folder, connect the folder, and fetch from it once."""
    facility = bank.place.facility
    place = f"{facility.code.lower()}/inbox"
    folder = Path(settings.BANK_FOLDERS) / place
    folder.mkdir(parents=True, exist_ok=True)
    report = folder / f"interim-{today:%Y-%m-%d}.942"
    values = {"account": bank.place.bank_account.number, "number": today.timetuple().tm_yday}
    report.write_text(_REPORT.format(day=f"{today:%y%m%d}", **values))
    before = report.stat().st_mtime - _A_MINUTE_AGO
    os.utime(report, (before, before))
    connection = create_bank_connection(
        facility=facility,
        name="First Meadow inbox",
        kind="FOLDER",
        place=place,
        pattern="*.942",
        actor=network.who("controller.gil"),
    )
    fetch_files(connection_id=connection.pk)
