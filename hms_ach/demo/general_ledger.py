"""What the demo's general ledger is called, how it is mapped, and what it says of the batches it got."""

from datetime import date, timedelta

from hms_ach import clock
from hms_ach.access.models import LegalEntity
from hms_ach.demo.business import moment
from hms_ach.demo.network import Network, Place
from ledger.commands import (
    acknowledge_gl_batch,
    approve_mapping,
    draft_mapping,
    export_gl_batch,
    import_gl_accounts,
    rebuild_gl_batch,
    replace_rules,
    set_gl_settings,
    set_rule,
    submit_mapping,
    write_mapping_note,
)
from ledger.formats.mapping import AccountRow, RuleRow
from ledger.models import GlBatch, MappingVersion
from ledger.queries import categories_of, gl_batches
from ledger.rules.roles import CHART

_BEGINNING = date(2020, 1, 1)
# How many of a facility's latest batches the general ledger has not answered yet.
_UNANSWERED = 2


def map_entities(network: Network, first_day: date) -> None:
    """Give each legal entity the general ledger's chart, its names and a map that two people signed off."""
    entities = {place.facility.legal_entity for place in network.places.values()}
    for entity in sorted(entities, key=lambda entity: entity.code):
        _load_chart(network, entity)
        version = _draft(network, entity, first_day, "The new general ledger of the network")
        submit_mapping(version=version, actor=network.who("controller.gil"))
        approve_mapping(version=version, actor=network.who("approver.finn"), comment="Tried on paper")


def _load_chart(network: Network, entity: LegalEntity) -> None:
    controller = network.who("controller.gil")
    rows = [
        AccountRow(line, f"1{seed.number}0", seed.name, seed.natural_class, _BEGINNING, None)
        for line, seed in enumerate(CHART, start=2)
    ]
    import_gl_accounts(legal_entity=entity, rows=rows, actor=controller)
    names = {"oracle_ledger_id": "300000046975971", "workday_company": f"{entity.code}_CO"}
    set_gl_settings(legal_entity=entity, values=names, actor=controller)


def _draft(network: Network, entity: LegalEntity, since: date, reason: str) -> MappingVersion:
    controller = network.who("controller.gil")
    version = draft_mapping(
        legal_entity=entity,
        effective_from=since,
        segment_names=["Account", "Cost centre", "Site"],
        account_segment="Account",
        reason=reason,
        actor=controller,
    )
    numbers = {seed.role: f"1{seed.number}0" for seed in CHART}
    rows = [
        _rule(role, numbers[role], "{department|0000}", since)
        for role in categories_of(entity, on=since)
        if role in numbers
    ]
    replace_rules(version=version, rows=rows, actor=controller)
    return version


def _rule(category: str, account: str, centre: str, since: date, **narrowed: str) -> RuleRow:
    key = {"facility": "", "payer_class": "", "tender": ""} | narrowed
    return RuleRow(
        line=0,
        category=category,
        segments=(account, centre, "{facility}"),
        valid_from=since,
        valid_until=None,
        **key,
    )


def answer_batches(network: Network) -> None:
    """The general ledger posts what it got, but for the latest; it refused one, which was rebuilt."""
    for number, place in enumerate(network.places.values()):
        known = list(gl_batches(facility_ids=[place.facility.pk], states=["APPROVED"]))[_UNANSWERED:]
        for batch in reversed(known[1:]):
            _post(network, place, batch)
        if number == 0 and known:
            _refuse(network, place, known[0])


def _post(network: Network, place: Place, batch: GlBatch) -> None:
    erp = network.who("demo-integrator")
    with clock.at(moment(place, batch.business_on + timedelta(days=2), 14)):
        export_gl_batch(batch=batch, layout="fbdi", actor=erp, via="demo-integrator")
        journal = f"JE-{batch.number[-6:]}"
        acknowledge_gl_batch(batch=batch, outcome="posted", journal=journal, actor=erp)


def _refuse(network: Network, place: Place, batch: GlBatch) -> None:
    with clock.at(moment(place, batch.business_on + timedelta(days=2), 14)):
        acknowledge_gl_batch(
            batch=batch,
            outcome="rejected",
            message="Cost centre 0000 is blocked for this period",
            actor=network.who("demo-integrator"),
        )
    with clock.at(moment(place, batch.business_on + timedelta(days=2), 16)):
        rebuild_gl_batch(batch=batch, actor=network.who("controller.gil"))


def leave_draft(network: Network, today: date) -> None:
    """A draft in the workshop, with a question that somebody must decide."""
    place = next(iter(network.places.values()))
    reviewer = network.who("reviewer.eve")
    version = _draft(network, place.facility.legal_entity, today, "Petty cash moves to its own cost centre")
    row = _rule("expense.petty", "185100", "7100", today, facility=place.facility.code)
    set_rule(version=version, row=row, actor=reviewer)
    write_mapping_note(
        version=version,
        category="expense.petty",
        body="Does the cost centre 7100 exist for every site, or only here?",
        is_decision=False,
        actor=reviewer,
    )
