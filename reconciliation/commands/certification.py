"""Certifying a bank account: one person does an item of the checklist, another confirms it."""

from datetime import date

from django.db import transaction

from hms_ach import audit, clock, files, outbox
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.proposed import decide
from hms_ach.refusal import Refusal
from reconciliation.models import BankAccount, CertificationClaim
from reconciliation.queries.certification import certification_of
from reconciliation.queries.certification_proof import Proof, proof_of
from reconciliation.rules.certification import ITEMS, Item
from reconciliation.rules.references import keys_of

Outcome, Verdict = CertificationClaim.Outcome, CertificationClaim.Verdict


class CertificationWaits(Refusal):
    code = "certification_waits"
    sentence = "{item} waits for another person already. Have it confirmed, sent back or withdrawn first."


class CertificationDayUnfit(Refusal):
    code = "certification_day_unfit"
    status = 422
    sentence = "What is done was done on {today} at the latest. Check the day."


class CertificationDetailMissing(Refusal):
    code = "certification_detail_missing"
    status = 422
    sentence = "{item} asks for {label}. Fill it in, or say why the item is not needed."


class CertificationReferenceUnfit(Refusal):
    code = "certification_reference_unfit"
    status = 422
    sentence = (
        "A penny test needs an amount above zero, and a reference of four characters or more with a digit."
    )


class CertificationEvidenceMissing(Refusal):
    code = "certification_evidence_missing"
    status = 422
    sentence = "{item} has no evidence yet. Write a note or attach a file."


class CertificationReasonMissing(Refusal):
    code = "certification_reason_missing"
    status = 422
    sentence = "Say why."


class CertificationUnproven(Refusal):
    code = "certification_unproven"
    sentence = (
        "{item} counts only when the system sees it. {seen} Come back then, or say why it is not needed."
    )


class CertificationBySamePerson(Refusal):
    code = "certification_by_same_person"
    sentence = "You wrote this yourself. Another person must confirm it."


class CertificationDecided(Refusal):
    code = "certification_decided"
    sentence = "{item} was decided already. Refresh the page."


class CertificationNotInForce(Refusal):
    code = "certification_not_in_force"
    sentence = "{item} is open already. There is nothing to open again."


@transaction.atomic
def claim_certification(
    *,
    account: BankAccount,
    item: str,
    outcome: str,
    done_on: date,
    actor: User,
    note: str = "",
    details: dict[str, str] | None = None,
    file_id: str = "",
) -> CertificationClaim:
    """Say that an item of the checklist is done, or why it is not needed. Counts once another confirms.

    item     a code of rules.certification.ITEMS
    outcome  DONE or NOT_NEEDED
    done_on  in the facility's time zone; only a go-live date may lie ahead
    details  what the item asks for by name; an amount as a decimal string in the account's currency
    file_id  of a file that was stored for the account's facility; "" for none

    Raises CertificationWaits, CertificationDayUnfit, CertificationDetailMissing,
    CertificationReferenceUnfit, CertificationUnproven, CertificationEvidenceMissing,
    CertificationReasonMissing.
    """
    _lock(account)
    asked, is_done = ITEMS[item], outcome == Outcome.DONE
    waiting = CertificationClaim.objects.filter(account=account, item=item, verdict=None)
    if waiting.exclude(outcome=Outcome.REOPENED).exists():
        raise CertificationWaits(item=asked.title)
    today = clock.today(account.facility.timezone)
    if done_on > today and not (asked.is_ahead and is_done):
        raise CertificationDayUnfit(today=clock.in_words(today))
    note = note.strip()[:1000]
    said = _details(account, asked, details or {}) if is_done else {}
    proof = proof_of(account, item, details=said, since=done_on) if is_done else None
    if is_done:
        _refuse_unproven(asked, proof)
    elif not note:
        raise CertificationReasonMissing()
    if is_done and not (note or said or file_id or (proof and proof.is_enough)):
        raise CertificationEvidenceMissing(item=asked.title)
    row = CertificationClaim.objects.create(
        account=account,
        item=item,
        outcome=Outcome(outcome),
        done_on=done_on,
        note=note,
        details=said,
        file=_file(account, file_id),
        claimed_by=actor,
        claimed_at=clock.now(),
        **_kept(proof),
    )
    _record("claim_certification", row, actor, reason=note, after=_said(row))
    return row


@transaction.atomic
def confirm_certification(*, claim_id: int, actor: User) -> CertificationClaim:
    """Another person agrees: from now on the item counts. What must be seen is looked for once more.

    Raises CertificationDecided, CertificationBySamePerson, CertificationUnproven. Emits
    `certification.completed` with the last item.
    """
    row = _undecided(claim_id)
    if row.claimed_by_id == actor.pk:
        raise CertificationBySamePerson()
    if row.outcome == Outcome.DONE:
        seen = proof_of(row.account, row.item, details=row.details, since=row.done_on)
        _refuse_unproven(ITEMS[row.item], seen)
    decide(row, Verdict.CONFIRMED, actor)
    is_certified = certification_of(row.account).certified_at == row.decided_at
    _record("confirm_certification", row, actor, after=_said(row) | {"is_certified": is_certified})
    if is_certified:
        place = row.account.facility
        outbox.record("certification.completed", subject=row.account.code, facility=place, data=_told(row))
    return row


@transaction.atomic
def send_back_certification(*, claim_id: int, reason: str, actor: User) -> CertificationClaim:
    """Another person disagrees, with a reason; what counted before still does.

    Raises CertificationDecided, CertificationBySamePerson, CertificationReasonMissing.
    """
    row = _undecided(claim_id)
    if row.claimed_by_id == actor.pk:
        raise CertificationBySamePerson()
    if not reason.strip():
        raise CertificationReasonMissing()
    decide(row, Verdict.SENT_BACK, actor, verdict_reason=reason.strip()[:500])
    _record("send_back_certification", row, actor, reason=row.verdict_reason)
    return row


@transaction.atomic
def withdraw_certification(*, claim_id: int, actor: User) -> CertificationClaim:
    """Whoever wrote it takes it back before anyone decided. Raises CertificationDecided."""
    row = _undecided(claim_id)
    if row.claimed_by_id != actor.pk:
        raise CertificationDecided(item=ITEMS[row.item].title)
    decide(row, Verdict.WITHDRAWN, actor)
    _record("withdraw_certification", row, actor)
    return row


@transaction.atomic
def reopen_certification(*, account: BankAccount, item: str, reason: str, actor: User) -> CertificationClaim:
    """Say that an item no longer holds, such as after the bank changed its layout.

    One person is enough: the account is certified again only when two people agree on the item anew.

    Raises CertificationWaits, CertificationNotInForce, CertificationReasonMissing. Emits
    `certification.reopened`.
    """
    _lock(account)
    title = ITEMS[item].title
    if not reason.strip():
        raise CertificationReasonMissing()
    standing = next(each for each in certification_of(account).items if each.item.code == item)
    if standing.waiting:
        raise CertificationWaits(item=title)
    if standing.in_force is None:
        raise CertificationNotInForce(item=title)
    row = CertificationClaim.objects.create(
        account=account,
        item=item,
        outcome=Outcome.REOPENED,
        done_on=clock.today(account.facility.timezone),
        note=reason.strip()[:1000],
        claimed_by=actor,
        claimed_at=clock.now(),
    )
    _record("reopen_certification", row, actor, reason=row.note, after=_said(row))
    place = row.account.facility
    outbox.record("certification.reopened", subject=row.account.code, facility=place, data=_told(row))
    return row


def _lock(account: BankAccount) -> None:
    """One word at a time on an account's checklist; what refers to the account is not kept waiting."""
    BankAccount.objects.select_for_update(no_key=True).get(pk=account.pk)


def _details(account: BankAccount, item: Item, given: dict[str, str]) -> dict[str, str]:
    said = {}
    for detail in item.details:
        said[detail.name] = str(given.get(detail.name, "")).strip()[:300]
        if not said[detail.name]:
            raise CertificationDetailMissing(item=item.title, label=detail.label.lower())
        if detail.kind == "amount":
            money = Money.parse(said[detail.name], account.currency)
            if money.minor <= 0:
                raise CertificationReferenceUnfit()
            said[detail.name] = str(money)
    if item.code == "penny_test" and not keys_of([said["reference"]]):
        raise CertificationReferenceUnfit()
    return said


def _refuse_unproven(item: Item, proof: Proof | None) -> None:
    if item.is_seen and not (proof and proof.is_enough):
        raise CertificationUnproven(item=item.title, seen=proof.words if proof else "")


def _kept(proof: Proof | None) -> dict:
    """What the system saw when it was enough, as it was at that moment."""
    if proof is None or not proof.is_enough:
        return {}
    return {"proof": proof.words[:300], "statement": proof.statement, "delivery": proof.delivery}


def _file(account: BankAccount, file_id: str):
    if not file_id:
        return None
    stored = files.file_named(file_id)
    assert stored.facility_id == account.facility_id
    return stored


def _undecided(claim_id: int) -> CertificationClaim:
    claim = CertificationClaim.objects.select_related("account__facility").get(pk=claim_id)
    _lock(claim.account)
    row = CertificationClaim.objects.select_for_update(of=("self",)).select_related("account__facility")
    found = row.get(pk=claim_id)
    if found.verdict is not None or found.outcome == Outcome.REOPENED:
        raise CertificationDecided(item=ITEMS[found.item].title)
    return found


def _said(row: CertificationClaim) -> dict:
    """What the trail keeps; the bank's people stay out of it."""
    return {
        "account": row.account.code,
        "item": row.item,
        "outcome": row.outcome,
        "done_on": row.done_on.isoformat(),
        "proof": row.proof,
        "file": row.file.public_id if row.file else None,
    }


def _record(action: str, row: CertificationClaim, actor: User, **said) -> None:
    facility = row.account.facility
    audit.record(f"reconciliation.{action}", actor=actor, subject=row, facility=facility, **said)


def _told(row: CertificationClaim) -> dict:
    """Each account is told of in its own order: it is the aggregate."""
    return {"account": row.account.code, "item": row.item, "done_on": row.done_on.isoformat()}
