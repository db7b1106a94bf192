"""Templates of journals, and those that recur."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from hms_ach import audit, clock
from hms_ach.access.models import Facility, User
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.commands.journal import prepare_journal
from ledger.models import Journal, JournalTemplate, JournalTemplateLine, Period
from ledger.rules.journal import JournalLineAsked, debits_and_credits


class TemplateNameTaken(Refusal):
    code = "template_name_taken"
    sentence = "{facility} has a template {name} already. Retire that one, or choose another name."


class TemplateIncomplete(Refusal):
    code = "template_incomplete"
    status = 422
    sentence = "A template that recurs needs an amount on every line. Fill them in, or let it not recur."


class TemplateUnbalanced(Refusal):
    code = "template_unbalanced"
    status = 422
    sentence = (
        "Debits are {debits} and credits {credits}, and no line is left to fill in. Correct the "
        "amounts, or leave empty the one that is filled in at each use."
    )


@transaction.atomic
def save_template(
    *,
    facility: Facility,
    name: str,
    memo: str,
    lines: Sequence[JournalLineAsked],
    cadence: str = JournalTemplate.Cadence.NONE,
    is_accrual: bool = False,
    actor: User,
) -> JournalTemplate:
    """Keep the shape of a journal. An amount of zero is filled in at each use.

    is_accrual  let each journal be taken back on the first day of the period that follows

    Raises TemplateNameTaken, TemplateIncomplete when it recurs, and TemplateUnbalanced when every line has
    its amount and debits and credits differ.
    """
    if JournalTemplate.objects.filter(facility=facility, name=name, retired_at=None).exists():
        raise TemplateNameTaken(facility=facility.code, name=name)
    _refuse_unusable(lines, recurs=cadence != JournalTemplate.Cadence.NONE)
    template = JournalTemplate.objects.create(
        facility=facility,
        name=name,
        memo=memo,
        currency=lines[0].amount.currency,
        cadence=cadence,
        is_accrual=is_accrual,
        made_by=actor,
        made_at=clock.now(),
    )
    JournalTemplateLine.objects.bulk_create(
        JournalTemplateLine(
            template=template,
            line=number,
            account=line.account,
            department=line.department,
            amount_minor=line.amount.minor,
        )
        for number, line in enumerate(lines, start=1)
    )
    audit.record("ledger.save_template", actor=actor, subject=template, facility=facility)
    return template


def _refuse_unusable(lines: Sequence[JournalLineAsked], *, recurs: bool) -> None:
    """A template with an empty line is completed by who uses it; any other is as it will be prepared."""
    if not all(line.amount for line in lines):
        if recurs:
            raise TemplateIncomplete()
        return
    debits, credits = debits_and_credits(lines)
    if debits != credits:
        raise TemplateUnbalanced(debits=debits, credits=credits)


@transaction.atomic
def retire_template(*, template_id: int, actor: User) -> JournalTemplate:
    """Stop using a template; journals made from it stay. Retiring it again changes nothing."""
    template = JournalTemplate.objects.select_for_update(of=("self",)).get(pk=template_id)
    if template.retired_at is None:
        template.retired_at = clock.now()
        template.save(update_fields=["retired_at"])
        audit.record("ledger.retire_template", actor=actor, subject=template)
    return template


def prepare_recurring(*, today: date) -> tuple[list[Journal], list[tuple[JournalTemplate, Refusal]]]:
    """Prepare what recurs for each period that has ended and has none yet; people approve it.

    Gives the journals, and the templates that the book refuses with the reason: each is in a savepoint of
    its own and holds up no other. Safe to repeat: a template occurs once for a period's last day.
    """
    prepared, refused = [], []
    for template in (
        JournalTemplate.objects.exclude(cadence=JournalTemplate.Cadence.NONE)
        .filter(retired_at=None)
        .select_related("facility__legal_entity", "made_by")
        .order_by("id")
    ):
        with transaction.atomic():
            # Another run waits here, and then finds nothing due.
            JournalTemplate.objects.select_for_update().get(pk=template.pk)
            for period in _due(template, today):
                try:
                    prepared.append(_prepared(template, period))
                except Refusal as refusal:
                    refused.append((template, refusal))
    return prepared, refused


def _due(template: JournalTemplate, today: date) -> list[Period]:
    """Periods of the template's rhythm that ended since it was made, are open, and have no journal of it."""
    # A journal that a person made from it is no occurrence: its null would make NOT IN find nothing.
    done = Journal.objects.filter(template=template).exclude(occurrence=None).values("occurrence")
    periods = Period.objects.filter(
        legal_entity=template.facility.legal_entity,
        ends_on__lte=today,
        ends_on__gte=template.made_at.date(),
    ).exclude(ends_on__in=done)
    step = {"PERIOD": 1, "QUARTER": 3, "YEAR": 12}[template.cadence]
    rows = periods.exclude(state=Period.State.HARD).order_by("ends_on")
    return [period for period in rows if period.number % step == 0]


def _prepared(template: JournalTemplate, period: Period) -> Journal:
    return prepare_journal(
        facility=template.facility,
        effective_on=period.ends_on,
        memo=template.memo or template.name,
        lines=[
            JournalLineAsked(line.account, Money(line.amount_minor, template.currency), line.department)
            for line in template.lines.select_related("account", "department").order_by("line")
        ],
        reverses_on=period.ends_on + timedelta(days=1) if template.is_accrual else None,
        template=template,
        occurrence=period.ends_on,
        actor=template.made_by,
    )
