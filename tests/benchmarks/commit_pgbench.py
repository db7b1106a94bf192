"""pgbench running what one commit of the register sends: the same statements in the same order.

The statements are taken down from a real commit. Whatever must differ from one commit to the next (the
drawer, its cashier, the invoice, keys and public ids) becomes a variable; the numbers of new rows are so
large that none is met by chance.
"""

import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

import ledger.commands
from ledger.commands.prepared import array
from tests.benchmarks.desk import Desk
from tests.benchmarks.pgbench import _environment

# Tables, the first number of their new rows, and the variable that stands for it.
_FIRST = {
    "cashiering_session": (71_000_001, "session"),
    "access_user": (72_000_001, "cashier"),
    "cashiering_register": (73_000_001, "register"),
    "billing_invoice": (74_000_001, "invoice"),
    "cashiering_payment": (75_000_001, "p_id"),
}
_SETUP = "\\set u random(1, 1000000000000000000)\n"


def number_apart() -> None:
    """New rows of these tables get numbers that appear nowhere else. Before the desks are made."""
    with connections["owner"].cursor() as cursor:
        for table, (first, _variable) in _FIRST.items():
            cursor.execute(f"ALTER SEQUENCE {table}_id_seq RESTART WITH {first}")


def script(desks: Sequence[Desk]) -> str:
    """One commit as pgbench sends it; client n is the desk n."""
    said = _taken_down(desks[0])
    lines = [_SETUP]
    lines += [
        f"\\set {variable} {first} + :client_id\n"
        for first, variable in _FIRST.values()
        if variable != "p_id"
    ]
    for statement in said:
        if "audit_record" in statement and "cashiering.take_payment" in statement:
            lines.append(_journal(desks[0]) + ";\n")
        ending = " \\gset p_\n" if 'INSERT INTO "cashiering_payment"' in statement else ";\n"
        lines.append(_with_variables(statement) + ending)
    return "".join(lines)


def commits_a_second(programs: Path, text: str, *, clients: int, seconds: float) -> float:
    """How many commits all clients make in a second."""
    options = ["-n", "-M", "simple", "-c", str(clients), "-j", "2", "-T", str(max(1, round(seconds)))]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "commit.sql"
        path.write_text(text)
        command = [str(programs / "pgbench"), *options, "-f", str(path), connection.settings_dict["NAME"]]
        done = subprocess.run(command, env=_environment(), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return float(re.search(r"tps = ([0-9.]+) \(without", done.stdout).group(1))


def _taken_down(desk: Desk) -> list[str]:
    """Every statement of one commit, as the server received it."""
    browser = Client(headers={"host": "localhost"})
    browser.force_login(desk.session.cashier)
    browser.get("/cashiering/register/")
    with CaptureQueriesContext(connection) as taken:
        answer = browser.post("/cashiering/register/payment/", desk.form(10_00))
    if answer.status_code != 302:
        raise RuntimeError(f"the register answered {answer.status_code}")
    desk.left -= 10_00
    return [query["sql"] for query in taken.captured_queries]


def _with_variables(statement: str) -> str:
    for first, variable in _FIRST.values():
        statement = statement.replace(f"'receipt:{first}'", f"('receipt:' || :{variable})")
        statement = re.sub(rf"\b{first}\b", f":{variable}", statement)
    statement = re.sub(r"'cashiering\.payment:ses_[^']*'", "('cashiering.payment:k' || :u)", statement)
    statement = re.sub(r"'ses_\w{26}_\d+'", "('k' || :u)", statement)
    statement = re.sub(r"'(pay|aud|evt|ent)_(\w{24})(\w\w)'", r"('\1_' || :u || '\3')", statement)
    return re.sub(r"'[\w-]+-\d{4}-\d{6}'", "('B' || :u)", statement)


def _journal(desk: Desk) -> str:
    """post_plain_entry.sql for ten dollars in cash."""
    holes = {
        "facility_id": str(desk.session.facility_id),
        "legal_entity_id": str(desk.session.facility.legal_entity_id),
        "effective_on": f"'{desk.session.business_on}'",
        "belongs_on": "NULL",
        "posted_at": "NULL",
        "posted_by_id": ":cashier",
        "source_kind": "'payment'",
        "source_id": "('pay' || :u)",
        "memo": "'Receipt'",
        "content_hash": "'\\x5a5a'",
        "n_postings": "2",
        "roles": f"'{array(['cash.drawer', 'receivable.patient'])}'",
        "amounts": f"'{array([10_00, -10_00])}'",
        "currency": "'USD'",
        "total": "1000",
        "tenders": f"'{array(['CASH', ''])}'",
        "references": f"'{array([desk.session.public_id, ''])}'",
        **dict.fromkeys(("payer_classes", "payers"), f"'{array(['', ''])}'"),
        "departments": f"'{array([None, None])}'",
        **dict.fromkeys(("key", "public_id"), "('ent' || :u)"),
    }
    text = (Path(ledger.commands.__file__).parent / "sql" / "post_plain_entry.sql").read_text()
    return (
        re.sub(r"%\((\w+)\)s", lambda found: holes[found[1]], re.sub(r"--[^\n]*", "", text))
        .strip()
        .rstrip(";")
    )
