"""Questions about the bill; never writes.

people      find_people, people_of, alerts_of
due         due_list, due_today
arrivals    arrivals_at, arrivals_of
invoices    invoice_detail, open_invoices, invoices_of
accounts    account_of, billable_charges
settlement  settled_by, open_again
prices      price_of (with its trace)
home        waiting: what awaits a person
"""

from billing.queries.account import Account, account_of, billable_charges
from billing.queries.arrival import Arriving, arrivals_at, arrivals_of
from billing.queries.due import DueItem, DueToday, due_list, due_today
from billing.queries.invoice import InvoiceDetail, OpenInvoice, invoice_detail, invoices_of, open_invoices
from billing.queries.people import PatientFound, alerts_of, find_people, people_of
from billing.queries.price import Priced, ServiceUnpriced, price_of
from billing.queries.settlement import Laid, open_again, settled_by
from billing.queries.sub_ledger import owed_documents, unbilled_documents
from billing.queries.waiting import waiting

__all__ = [
    "Account",
    "Arriving",
    "DueItem",
    "DueToday",
    "InvoiceDetail",
    "Laid",
    "OpenInvoice",
    "PatientFound",
    "Priced",
    "ServiceUnpriced",
    "account_of",
    "alerts_of",
    "arrivals_at",
    "arrivals_of",
    "billable_charges",
    "due_list",
    "due_today",
    "find_people",
    "invoice_detail",
    "invoices_of",
    "open_again",
    "open_invoices",
    "owed_documents",
    "people_of",
    "price_of",
    "settled_by",
    "unbilled_documents",
    "waiting",
]
