"""Form 8300: recording that a payer's cash was reported."""

from django.db import IntegrityError, transaction

from cashiering.models import CashReport
from cashiering.queries.cash_watch import reportable_cash
from hms_ach import audit, clock, outbox
from hms_ach.access.models import Facility, User
from hms_ach.refusal import Refusal


class NothingToReport(Refusal):
    code = "nothing_to_report"
    sentence = "The cash of this payer is reported, or not above the limit. Refresh the list."


class ReportReferenceMissing(Refusal):
    code = "report_reference_missing"
    status = 422
    sentence = "Write down the confirmation number of the filed Form 8300."


@transaction.atomic
def file_cash_report(*, patient_id: int, facility: Facility, reference: str, actor: User) -> CashReport:
    """Record the Form 8300 that was filed for a payer; counting starts anew with the next payment.

    reference  the confirmation number of the filing

    Raises NothingToReport or ReportReferenceMissing. Emits `cash_report.filed`.
    """
    if not reference.strip():
        raise ReportReferenceMissing()
    due = next((one for one in reportable_cash([facility.pk]) if one.patient_id == patient_id), None)
    if due is None:
        raise NothingToReport()
    try:
        with transaction.atomic():
            report = CashReport.objects.create(
                facility=facility,
                patient_id=patient_id,
                currency=due.amount.currency,
                amount_minor=due.amount.minor,
                reached_on=due.reached_on,
                due_on=due.due_on,
                last_payment_id=due.last_payment_id,
                reference=reference.strip(),
                filed_by=actor,
                filed_at=clock.now(),
            )
    except IntegrityError as error:
        if "cashiering_cash_report_once" not in str(error):
            raise
        raise NothingToReport() from None
    audit.record("cashiering.file_cash_report", actor=actor, subject=report, facility=facility)
    data = {"amount": due.amount.as_json(), "due_on": due.due_on.isoformat(), "reference": report.reference}
    outbox.record("cash_report.filed", subject=report.public_id, facility=facility, data=data)
    return report
