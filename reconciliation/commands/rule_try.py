"""Trying a learnt rule on the last ninety days before anybody approves it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from hms_ach import audit, clock
from hms_ach.access.models import User
from reconciliation.commands.known_party import tell_known
from reconciliation.commands.match import by_index
from reconciliation.commands.teaching import teach
from reconciliation.engine import MINUTE, allow, make_working_tables, run_passes
from reconciliation.models import BankAccount, LearntRule, Match, RuleTry
from reconciliation.queries.account_tolerance import tolerances_in_force
from reconciliation.queries.decision import decided_matches, matches_booked, sides_of_matches
from reconciliation.queries.learnt_rule import Taught, rules_in_force, taught
from reconciliation.rules.learning import agrees

TRIED_DAYS = 90
MOST_EXAMPLES = 50
MOST_MILLISECONDS = 5 * MINUTE
_GIVE = Path(__file__).parent / "sql" / "give_past.sql"


@dataclass(frozen=True, slots=True)
class _Period:
    account: BankAccount
    first: date
    last: date


def try_rule(*, rule_id: int, actor: User) -> RuleTry:
    """Run the engine without and with the rule on the lines of the last ninety days, and keep what differs.

    It works in tables that vanish: nothing is matched, posted or suggested. What people and passes decided
    for these lines is the measure.
    """
    rule = LearntRule.objects.select_related("account__facility").get(pk=rule_id)
    today = clock.today(rule.account.facility.timezone)
    period = _Period(rule.account, today - timedelta(days=TRIED_DAYS), today)
    others = [each for each in rules_in_force(rule.account) if each.id != rule.pk]
    lines, without = _answers(period, others)
    _lines, with_it = _answers(period, [*others, taught(rule)])
    found = _compared(rule, period, without, with_it)
    with transaction.atomic():
        tried = RuleTry.objects.create(
            rule=rule,
            from_on=period.first,
            to_on=period.last,
            line_count=lines,
            **{name: len(found[name]) for name in ("hits", "misses", "spared", "found", "wrong")},
            examples=_examples(found),
            tried_by=actor,
            tried_at=clock.now(),
        )
        audit.record(
            "reconciliation.try_rule",
            actor=actor,
            subject=rule,
            facility=rule.account.facility,
            after={"hits": tried.hits, "misses": tried.misses, "wrong": tried.wrong},
        )
    return tried


def _answers(period: _Period, rules: Sequence[Taught]) -> tuple[int, dict[int, frozenset[int]]]:
    """How many lines there are, and each matched line's items, by the engine told these rules."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        allow(cursor, MOST_MILLISECONDS)
        make_working_tables(cursor)
        said: dict[str, Any] = {"account": period.account.pk, "first": period.first, "last": period.last}
        for statement in _GIVE.read_text().split(";"):
            cursor.execute(statement, said)
        tell_known(cursor)
        by_index(cursor, "give_facts", period.account)
        cursor.execute("SELECT count(*) FROM given_line")
        lines = cursor.fetchone()[0]
        teach(cursor, rules)
        run_passes(
            cursor,
            tolerances=tolerances_in_force(period.account, on=period.last),
            tell_taken=lambda: by_index(cursor, "tell_taken", period.account),
        )
        cursor.execute("SELECT line, item_ids FROM answer, unnest(line_ids) line")
        answers = {line: frozenset(items) for line, items in cursor.fetchall()}
        transaction.set_rollback(True)
    return lines, answers


def _compared(
    rule: LearntRule,
    period: _Period,
    without: dict[int, frozenset[int]],
    with_it: dict[int, frozenset[int]],
) -> dict[str, list[int]]:
    """Line ids by what the rule would have done to them."""
    matches = matches_booked(period.account, first=period.first, last=period.last)
    decisions = decided_matches(list(matches.values_list("pk", flat=True)))
    by_people = _lines_by_people(matches)
    truth = sides_of_matches(decisions)
    taken = {item for items in truth.values() for item in items}
    lesson = taught(rule).lesson
    found: dict[str, list[int]] = {name: [] for name in ("hits", "misses", "spared", "found", "wrong")}
    for each in decisions:
        is_so = agrees(lesson, each)
        if is_so is not None and each.lines:
            found["hits" if is_so else "misses"].append(each.lines[0].id)
    for line, items in sorted(with_it.items()):
        if without.get(line) == items:
            continue
        if line not in truth:
            found["wrong" if items & taken else "found"].append(line)
        elif truth[line] != items:
            found["wrong"].append(line)
        elif line in by_people:
            found["spared"].append(line)
    return found


def _examples(found: dict[str, list[int]]) -> list[list]:
    order = ("wrong", "misses", "found", "spared")
    return [[name, line] for name in order for line in found[name]][:MOST_EXAMPLES]


def _lines_by_people(matches) -> set[int]:
    made = Match.objects.filter(pk__in=matches.values("pk"), made_by__isnull=False)
    return set(made.values_list("lines__line_id", flat=True))
