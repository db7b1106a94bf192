"""The screens of banks' files with something on them: axe finds nothing, nothing scrolls sideways."""

import os

from django.urls import reverse

from reconciliation.commands import create_bank_connection, fetch_files
from tests.browser.looking import assert_good_in_both_themes
from tests.make import access
from tests.make import reconciliation as make

GOOD = make.mt940_file(":61:2603120312C10,00NTRFNONREF//BANK1", closing="C260312USD10,00")
REPORT = b":20:R\n:25:US-1234567890\n:28C:7/1\n:34F:USD0,\n:61:2603130313C10,00NTRFE2E-1//B2\n:86:Lockbox 4\n"
WRONG = GOOD.replace(b":61:260312", b":61:260230").replace(b"10,00\n-", b"11,00\n-")
TABLE = b"Day;Text;Amount;Left\n12.03.2026;Fee;-1,50;8,50\n13.03.2026;Interest;0,25;8,75\n"


def test_the_screens_of_banks_files_are_accessible(site, signed_in, settings, tmp_path):
    settings.BANK_FOLDERS = str(tmp_path)
    account = make.bank_account(make.hospital())
    controller = access.user("CONTROLLER", facilities=[account.facility], username="carl")
    (tmp_path / "north").mkdir()
    for name, content in {"good.sta": GOOD, "report.942": REPORT, "wrong.sta": WRONG}.items():
        (tmp_path / "north" / name).write_bytes(content)
        os.utime(tmp_path / "north" / name, (1, 1))
    connection = create_bank_connection(
        facility=account.facility, name="Inbox", kind="FOLDER", place="north", actor=controller
    )
    fetch_files(connection_id=connection.pk)
    page = signed_in(controller)

    for name, address in {
        "connections": reverse("reconciliation:connection-list"),
        "connection": reverse("reconciliation:connection-detail", args=[connection.public_id]),
        "connection-new": reverse("reconciliation:connection-new"),
        "account": reverse("reconciliation:account-detail", args=[account.code]),
        "account-profile": reverse("reconciliation:account-profile", args=[account.code]),
        "statements": reverse("reconciliation:statement-list"),
    }.items():
        page.goto(address)
        assert_good_in_both_themes(page, f"bank-{name}")

    page = signed_in(make.reviewer(account.facility))
    page.goto(reverse("reconciliation:inspection"))
    page.set_input_files("input[type=file]", {"name": "wrong.sta", "mimeType": "text/plain", "buffer": WRONG})
    page.get_by_role("button", name="Inspect the file").click()
    page.get_by_text("wrong.sta would be refused").wait_for()
    assert_good_in_both_themes(page, "bank-inspection")

    page = signed_in(controller)
    page.goto(reverse("reconciliation:account-table", args=[account.code]))
    for label, column in {
        "Booking date": "Day",
        "Amount with its sign": "Amount",
        "Balance after": "Left",
    }.items():
        page.get_by_label(label).fill(column)
    page.get_by_label("Dates as").fill("DD.MM.YYYY")
    page.get_by_label("Decimal mark").select_option(",")
    page.set_input_files("input[type=file]", {"name": "table.csv", "mimeType": "text/csv", "buffer": TABLE})
    page.get_by_role("button", name="Try it", exact=True).click()
    page.get_by_role("button", name="Keep this profile").wait_for()
    assert_good_in_both_themes(page, "bank-columns")
    page.get_by_role("button", name="Keep this profile").click()
    page.get_by_text("The column profile was kept.").wait_for()
