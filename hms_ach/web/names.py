"""What people call a document that the system knows by a public id, and where its page is.

The kernel knows none of the apps: models and screens are named here by text, as foreign keys are.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.db.models import CharField
from django.db.models.functions import Cast
from django.urls import reverse

SHOWN_LETTERS = 6


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document.

    number    the column by which people know one; empty when it has none but its id
    screen    its page; empty when it has none of its own
    argument  the column that the address of its page ends in
    """

    word: str
    model: str
    number: str = ""
    screen: str = ""
    argument: str = "public_id"


# One line a kind, by the letters before the underscore of its public id, or by the model before the colon.
KINDS = {
    "adv": Kind("Advice", "cashiering.Advice", "reference", "cashiering:advice-detail"),
    "access.department": Kind("Department", "access.Department", "code", "", "pk"),
    "access.facility": Kind("Facility", "access.Facility", "name", "", "pk"),
    "access.legalentity": Kind("Legal entity", "access.LegalEntity", "name", "", "pk"),
    "access.user": Kind("Person", "access.User", "name", "access:user-detail", "username"),
    "billing.service": Kind("Service", "billing.Service", "code", "", "pk"),
    "bac": Kind("Bank account", "reconciliation.BankAccount", "code"),
    "ban": Kind(
        "Number of a bank account",
        "reconciliation.AccountNumber",
        "last4",
        "reconciliation:account-detail",
        "account__code",
    ),
    "bcn": Kind(
        "Bank connection", "reconciliation.BankConnection", "name", "reconciliation:connection-detail"
    ),
    "bdl": Kind(
        "Bank delivery",
        "reconciliation.BankDelivery",
        "",
        "reconciliation:connection-detail",
        "connection__public_id",
    ),
    "brc": Kind(
        "Bank reconciliation",
        "reconciliation.PreparedReconciliation",
        "as_of",
        "reconciliation:prepared-reconciliation",
    ),
    "cba": Kind("Card batch", "cashiering.CardBatch", "number", "cashiering:card-batch-detail"),
    "cbp": Kind("Page of the cash book", "cashiering.CashBookPage", "number"),
    "ccy": Kind("Foreign cash rule", "cashiering.CashCurrency", "currency"),
    "chg": Kind("Charge", "billing.Charge", "", "billing:patient-detail", "patient__public_id"),
    "chb": Kind(
        "Block of cheques", "cashiering.ChequeBlock", "", "billing:patient-detail", "patient__public_id"
    ),
    "chr": Kind("Returned cheque", "cashiering.ChequeReturn", "", "cashiering:cheque-return"),
    "afs": Kind("Settlement between entities", "ledger.AffiliateSettlement"),
    "arr": Kind("Visit", "billing.Arrival", "key", "billing:patient-detail", "patient__public_id"),
    "lbx": Kind("Lockbox deposit", "cashiering.LockboxDeposit", "lockbox", "cashiering:lockbox-detail"),
    "lbc": Kind(
        "Lockbox cheque",
        "cashiering.LockboxCheque",
        "number",
        "cashiering:lockbox-detail",
        "deposit__public_id",
    ),
    "pyt": Kind("Card payout", "cashiering.Payout", "reference", "cashiering:payout-detail"),
    "cbw": Kind("Chargeback won", "cashiering.ChargebackWin", "", "cashiering:chargeback-win"),
    "prt": Kind("Returned payment", "cashiering.PaymentReturn", "", "cashiering:payment-return"),
    "cho": Kind("Change order", "cashiering.ChangeOrder", "", "cashiering:change-order-filling"),
    "cov": Kind("Coverage", "billing.Coverage", "", "billing:patient-detail", "patient__public_id"),
    "crd": Kind(
        "Money on account", "cashiering.Credit", "", "cashiering:payment-detail", "payment__public_id"
    ),
    "dep": Kind("Deposit", "cashiering.Deposit", "bag_number", "cashiering:deposit-detail"),
    "dis": Kind("Discrepancy", "reconciliation.Discrepancy", "", "reconciliation:discrepancy-detail"),
    "ent": Kind("Entry", "ledger.Entry", "", "ledger:entry-detail"),
    "f83": Kind(
        "Form 8300", "cashiering.CashReport", "reference", "billing:patient-detail", "patient__public_id"
    ),
    "fil": Kind("File", "files.StoredFile", "", "files:download"),
    "dpf": Kind("Delivery profile", "ledger.DeliveryProfile", "code", "ledger:delivery-profile-detail"),
    "gbd": Kind("Delivery of a GL batch", "ledger.GlBatchDelivery", "remote_name"),
    "glb": Kind("GL batch", "ledger.GlBatch", "number", "ledger:gl-batch-detail"),
    "inv": Kind("Invoice", "billing.Invoice", "number", "billing:invoice-detail"),
    "itr": Kind(
        "Interim report",
        "reconciliation.InterimReport",
        "report_id",
        "reconciliation:account-detail",
        "account__code",
    ),
    "map": Kind("Map", "ledger.MappingVersion", "", "ledger:mapping-detail"),
    "jot": Kind("Journal template", "ledger.JournalTemplate", "name"),
    "jou": Kind("Journal", "ledger.Journal", "number", "ledger:journal-detail"),
    "mat": Kind("Match", "reconciliation.Match", "", "reconciliation:match-detail"),
    "mov": Kind(
        "Cash movement", "cashiering.CashMovement", "", "cashiering:session-detail", "session__public_id"
    ),
    "nco": Kind(
        "Not collected", "cashiering.NotCollected", "", "billing:invoice-detail", "invoice__public_id"
    ),
    "ovr": Kind("Override", "cashiering.Override", "", "cashiering:payment-detail", "payment__public_id"),
    "ovs": Kind(
        "Over or short", "cashiering.OverShort", "", "cashiering:session-detail", "session__public_id"
    ),
    "cer": Kind(
        "Certification of a bank account",
        "reconciliation.CertificationClaim",
        "",
        "reconciliation:certification-detail",
        "account__code",
    ),
    "opr": Kind("Rule for opening counts", "cashiering.OpeningRule"),
    "pat": Kind("Patient", "billing.Patient", "mrn", "billing:patient-detail"),
    "pay": Kind("Payment", "cashiering.Payment", "receipt_number", "cashiering:payment-detail"),
    "prl": Kind("Price list", "billing.PriceList", "name", "billing:price-list-detail"),
    "prp": Kind(
        "Proposal",
        "reconciliation.Proposal",
        "",
        "reconciliation:discrepancy-detail",
        "discrepancy__public_id",
    ),
    "pyr": Kind("Payer", "billing.Payer", "code"),
    "ral": Kind(
        "Money laid elsewhere",
        "cashiering.Reallocation",
        "",
        "cashiering:payment-detail",
        "payment__public_id",
    ),
    "reg": Kind("Register", "cashiering.Register", "code"),
    "rfd": Kind("Refund", "cashiering.Refund", "", "cashiering:refund-detail"),
    "rml": Kind(
        "Receipt by e-mail", "cashiering.ReceiptMail", "", "cashiering:payment-detail", "payment__public_id"
    ),
    "rtx": Kind(
        "Receipt by text message",
        "cashiering.ReceiptText",
        "",
        "cashiering:payment-detail",
        "payment__public_id",
    ),
    "smp": Kind("Match to check", "reconciliation.SampledMatch", "", "reconciliation:sample-detail"),
    "scl": Kind(
        "Clearing of suspense", "reconciliation.SuspenseClearing", "", "reconciliation:clearing-detail"
    ),
    "lrn": Kind("Learnt rule", "reconciliation.LearntRule", "", "reconciliation:rule-detail"),
    "tol": Kind("Tolerance", "reconciliation.AccountTolerance", "", "reconciliation:tolerance-detail"),
    "rch": Kind("Change of an account role", "ledger.RoleChange", "role"),
    "rvl": Kind("Revaluation", "ledger.Revaluation", "", "ledger:revaluation-detail"),
    "sen": Kind("Quantity", "ledger.StatisticEntry"),
    "ses": Kind("Session", "cashiering.Session", "number", "cashiering:session-detail"),
    "sfc": Kind("Count of the safe", "cashiering.SafeCount", "", "cashiering:safe-count"),
    "sta": Kind("Statement", "reconciliation.Statement", "statement_id", "reconciliation:statement-detail"),
    "sus": Kind("Suspect note", "cashiering.SuspectNote", "serial", "cashiering:suspect-note-detail"),
    "tau": Kind("Till audit", "cashiering.TillAudit", "", "cashiering:session-detail", "session__public_id"),
    "tco": Kind(
        "Tender correction",
        "cashiering.TenderCorrection",
        "",
        "cashiering:payment-detail",
        "replacement__public_id",
    ),
    "tie": Kind("Tie-out", "ledger.TieOut", "role"),
    "trf": Kind("Transfer of cash", "cashiering.CashTransfer", "", "cashiering:transfer-detail"),
    "trq": Kind("Terminal request", "cashiering.TerminalRequest"),
    "xpf": Kind("Export profile", "ledger.ExportProfile", "code", "ledger:export-profile-detail"),
    "whe": Kind("Webhook endpoint", "outbox.Endpoint", "", "outbox:endpoint-detail"),
    "ycr": Kind("Closing of a year asked for", "ledger.YearCloseRequest", "fiscal_year"),
    "yec": Kind("Closing of a year", "ledger.YearClose", "fiscal_year", "ledger:year-close-detail"),
    "zrd": Kind("Z read", "cashiering.ZRead", "number", "cashiering:session-detail", "session__public_id"),
}


# References that are made of other ids: a transfer is what two lines of statements show.
_MADE = {"swp": "Transfer between own accounts"}


@dataclass(frozen=True, slots=True)
class Name:
    """A document in words: "Invoice NORTH-2026-000123". url is empty when it has no page."""

    word: str
    number: str
    url: str

    def __str__(self) -> str:
        return f"{self.word} {self.number}".strip()


def names_of(subjects: Iterable[str]) -> dict[str, Name]:
    """The names of these documents; one SQL query for each kind that people know by a number.

    subjects  public ids, or `app.model:key` for a row that has none; others are named by themselves
    """
    by_kind: dict[str, set[str]] = {}
    for subject in subjects:
        by_kind.setdefault(_kind_of(subject), set()).add(subject)
    names = {subject: _made(subject) for subject in by_kind.pop("", ())}
    for prefix, found in by_kind.items():
        names |= _names(prefix, found)
    return names


def _made(subject: str) -> Name:
    """What has no row of its own: by its word where we made the reference, else by itself."""
    prefix, _, rest = subject.partition("_")
    if prefix not in _MADE:
        return Name("", subject, "")
    return Name(_MADE[prefix], rest.replace("_", "\N{EN DASH}"), "")


def name_of(subject: str) -> Name:
    """The name of one document. At most one SQL query."""
    return names_of([subject])[subject]


def subjects_called(number: str) -> list[str]:
    """The public ids of whatever people know by this number, code or name, of any kind. One SQL query."""
    found = [
        apps.get_model(kind.model)
        ._default_manager.order_by()
        .annotate(known_as=Cast(kind.number, CharField()))
        .filter(known_as__iexact=number)
        .values_list("public_id", flat=True)
        for prefix, kind in KINDS.items()
        if kind.number and "." not in prefix
    ]
    return sorted(found[0].union(*found[1:], all=True))


def unknown(subjects: Iterable[str]) -> set[str]:
    """Those of these subjects that name no document we have. One SQL query for each kind."""
    by_kind: dict[str, set[str]] = {}
    for subject in subjects:
        by_kind.setdefault(_kind_of(subject), set()).add(subject)
    found = by_kind.pop("", set())
    for prefix, named in by_kind.items():
        column = "pk" if "." in prefix else "public_id"
        keys = {subject.partition(":")[2] or subject: subject for subject in named}
        rows = apps.get_model(KINDS[prefix].model)._default_manager.filter(**{f"{column}__in": list(keys)})
        known = {str(key) for key in rows.values_list(column, flat=True)}
        found |= {subject for key, subject in keys.items() if key not in known}
    return found


def short(public_id: str) -> str:
    """The end of an id, which tells one document of a day from the other: "…7QX2F1"."""
    return f"\N{HORIZONTAL ELLIPSIS}{public_id[-SHOWN_LETTERS:]}"


def _kind_of(subject: str) -> str:
    """The key in KINDS; empty for what is not one of them."""
    model, colon, key = subject.partition(":")
    if colon and key.isdecimal():
        return model if model in KINDS else ""
    prefix, _, letters = subject.partition("_")
    return prefix if prefix in KINDS and len(letters) > SHOWN_LETTERS else ""


def _names(prefix: str, subjects: set[str]) -> dict[str, Name]:
    """The names of documents of one kind. At most one SQL query."""
    kind = KINDS[prefix]
    keys = {subject.partition(":")[2] or subject: subject for subject in subjects}
    known: dict[str, tuple] = {}
    if kind.number or kind.argument != "public_id":
        column = "pk" if "." in prefix else "public_id"
        rows = apps.get_model(kind.model)._default_manager.filter(**{f"{column}__in": list(keys)})
        known = {
            str(key): (number, argument)
            for key, number, argument in rows.values_list(column, kind.number or column, kind.argument)
        }
    names = {}
    for key, subject in keys.items():
        number, argument = known.get(key, (None, subject if kind.argument == "public_id" else None))
        shown = str(number) if kind.number and number else short(key)
        names[subject] = Name(kind.word, shown, _url(kind.screen, argument))
    return names


def _url(screen: str, argument: str | None) -> str:
    return reverse(screen, args=[argument]) if screen and argument else ""
