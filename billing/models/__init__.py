"""Tables and their constraints."""

from billing.models.arrival import Arrival
from billing.models.charge import Charge
from billing.models.invoice import Invoice, InvoiceCancellation, InvoiceLine, InvoiceLock
from billing.models.patient import Patient, PatientAlert
from billing.models.payer import INSURER_CLASSES, Coverage, Payer, PayerClass
from billing.models.price import Price, PriceList, Service
from billing.models.settlement import Settlement

__all__ = [
    "INSURER_CLASSES",
    "Arrival",
    "Charge",
    "Coverage",
    "Invoice",
    "InvoiceCancellation",
    "InvoiceLine",
    "InvoiceLock",
    "Patient",
    "PatientAlert",
    "Payer",
    "PayerClass",
    "Price",
    "PriceList",
    "Service",
    "Settlement",
]
