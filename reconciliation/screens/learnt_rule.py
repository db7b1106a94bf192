"""What people's decisions taught: the evidence, what a try shows, and who agrees."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect

from hms_ach.access.queries import facility_ids_of
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_page, page, scoped_or_404, screen
from reconciliation import commands
from reconciliation.models import LearntRule, RuleTry, StatementLine
from reconciliation.queries import accounts_of, evidence_of, may_approve, rules_of, teachers_of
from reconciliation.tasks import try_learnt_rule

KINDS = {"deposit": "deposits", "card_batch": "card batches", "payment": "payments", "refund": "refunds"}
TRY_WORDS = {
    "wrong": "would have been matched wrongly",
    "misses": "was decided otherwise",
    "found": "is open and would be matched",
    "spared": "would have needed no person",
}
SHOWN_USES, SHOWN_EVIDENCE = 30, 100


@screen("reconciliation.view_match")
def rule_list(request: Request) -> HttpResponse:
    """Every rule of the person's facilities, with its hits and misses."""
    rows = Paginator(rules_of(facility_ids_of(request.user)), 50).get_page(asked_page(request))
    context = {"page": rows, "rows": [(row, sentence_of(row)) for row in rows]}
    return page(request, full="reconciliation/rule/list.html", context=context)


@screen("reconciliation.propose_rules", methods=["POST"])
def rule_search(request: Request) -> HttpResponse:
    """Look now for what decisions teach, on every account of the person's facilities."""
    accounts = accounts_of(facility_ids_of(request.user))
    found = [
        rule for account in accounts for rule in commands.propose_rules(account=account, actor=request.user)
    ]
    if found:
        messages.success(request, f"{len(found)} proposed. Try each before somebody else approves it.")
    else:
        messages.info(request, "Decisions teach nothing new: three must agree, and none may contradict.")
    return redirect("reconciliation:rule-list")


@screen("reconciliation.view_match")
def rule_detail(request: Request, public_id: str) -> HttpResponse:
    """One rule: what it says, which decisions taught it, its tries and uses, and what may be done with it."""
    row = _row(request, public_id)
    may = request.user.has_perm
    context = _of_try(row) | {
        "sentence": sentence_of(row),
        "evidence": evidence_of(row)[:SHOWN_EVIDENCE],
        "evidence_count": row.evidence.count(),
        "uses": row.uses.select_related("run").order_by("-id")[:SHOWN_USES],
        "is_teacher": row.verdict is None and request.user.pk in teachers_of(row),
        "can_try": may("reconciliation.propose_rules") and row.state in ("PROPOSED", "ACTIVE"),
        "can_approve": may("reconciliation.approve_rule") and may_approve(row, request.user),
        "can_refuse": may("reconciliation.propose_rules") and row.verdict is None,
        "can_retire": may("reconciliation.propose_rules") and row.state == "ACTIVE",
    }
    return page(
        request,
        full="reconciliation/rule/detail.html",
        fragment="reconciliation/rule/_try.html",
        context=context,
    )


@screen("reconciliation.propose_rules", methods=["POST"])
def rule_try(request: Request, public_id: str) -> HttpResponse:
    """Ask for a try on the last ninety days, which the worker makes; nothing is matched or posted."""
    row = _row(request, public_id)
    asked = commands.ask_for_try(rule_id=row.pk, actor=request.user)
    try_learnt_rule.delay_on_commit(request_id=asked.pk)
    return redirect("reconciliation:rule-detail", public_id)


@screen("reconciliation.view_match", methods=["POST"])
def rule_decision(request: Request, public_id: str) -> HttpResponse:
    """Approve, send back or retire; the last two with a reason."""
    row = _row(request, public_id)
    verdict, reason = request.POST.get("verdict", ""), request.POST.get("reason", "").strip()[:500]
    wanted = "approve_rule" if verdict == "approve" else "propose_rules"
    try:
        if not request.user.has_perm(f"reconciliation.{wanted}"):
            messages.error(request, "Your role does not allow this decision.")
        elif verdict == "approve":
            commands.approve_rule(rule_id=row.pk, actor=request.user)
            messages.success(request, "Approved. Every run from now on is told it.")
        elif verdict not in ("reject", "retire"):
            messages.error(request, "Choose what to do.")
        elif not reason:
            messages.error(request, "Say why.")
        elif verdict == "reject":
            commands.send_back_rule(rule_id=row.pk, reason=reason, actor=request.user)
            messages.success(request, "Sent back. It is not used.")
        else:
            commands.retire_rule(rule_id=row.pk, reason=reason, actor=request.user)
            messages.success(request, "Retired. No run is told it any more.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("reconciliation:rule-detail", public_id)


def sentence_of(row: LearntRule) -> str:
    """The rule in words."""
    says: dict[str, Any] = row.says
    if row.kind == "PAYER":
        return f"{row.subject} stands for {says['payer']}"
    if row.kind == "FEE":
        fixed = Money(says["fixed_minor"], row.account.currency)
        kept = f"{says['basis_points'] / 100:.2f} %" + (f" and {fixed.in_words()}" if fixed else "")
        return f"Of {KINDS.get(says['kind'], says['kind'])} of {row.subject} the processor keeps {kept}"
    kind = KINDS.get(row.subject, row.subject)
    if "prefix" in says:
        return f"The bank writes {says['prefix']} before references of {kind}"
    return f"The bank keeps the {says['end']} {says['length']} characters of references of {kind}"


def _of_try(row: LearntRule) -> dict[str, Any]:
    """The last try, and the last request for one: it may wait, or have a problem."""
    last = row.tries.select_related("tried_by").order_by("-id").first()
    asked = row.requests.select_related("asked_by").order_by("-id").first()
    return {"row": row, "last": last, "asked": asked, "examples": _examples(last) if last else []}


def _examples(tried: RuleTry) -> list[tuple[str, StatementLine]]:
    lines = StatementLine.objects.in_bulk([line for _name, line in tried.examples])
    return [(TRY_WORDS[name], lines[line]) for name, line in tried.examples if line in lines]


def _row(request: Request, public_id: str) -> LearntRule:
    rows = LearntRule.objects.select_related("account__facility", "proposed_by", "decided_by", "retired_by")
    return scoped_or_404(rows, request, facility_path="account__facility_id", public_id=public_id)
