"""Telling the engine what was learnt, in the tables of one run; and what came of it."""

from collections import defaultdict
from collections.abc import Sequence

from reconciliation.models import BankAccount, MatchRun, RuleUse
from reconciliation.queries.decision import decisions_of
from reconciliation.queries.learnt_rule import Taught
from reconciliation.rules.learning import SHORTEST_KEY, Decided, DecidedItem, DecidedLine, agrees

# A rule counts as three matches by reference: what references say otherwise outweighs it.
_PAYER = "INSERT INTO given_fact VALUES ('', %(subject)s, '', %(payer)s, NULL, 3)"
_FEE = """
    UPDATE given_item
       SET fee = (amount * %(basis_points)s + 5000) / 10000 + %(fixed_minor)s
     WHERE payer = %(subject)s AND kind = %(kind)s AND amount > 0
"""
_PREFIX = """
    UPDATE given_line SET keys = keys || ARRAY(
        SELECT DISTINCT substr(key, length(%(prefix)s) + 1) FROM unnest(keys) key
         WHERE starts_with(key, %(prefix)s) AND length(key) >= length(%(prefix)s) + %(shortest)s)
     WHERE EXISTS (SELECT FROM unnest(keys) key WHERE starts_with(key, %(prefix)s))
"""
_CUT = """
    UPDATE given_item SET keys = keys || ARRAY(
        SELECT DISTINCT left_over FROM unnest(keys) key
         CROSS JOIN LATERAL (SELECT ltrim(CASE WHEN %(end)s = 'last' THEN right(key, %(length)s)
                                               ELSE left(key, %(length)s) END, '0') AS left_over) cut
         WHERE length(key) > %(length)s AND length(left_over) >= %(shortest)s)
     WHERE kind = %(subject)s AND EXISTS (SELECT FROM unnest(keys) key WHERE length(key) > %(length)s)
"""
_SPOKEN_OF = """
    SELECT no FROM answer JOIN given_line line ON line.id = ANY(line_ids) WHERE line.who = ANY(%(subjects)s)
     UNION
    SELECT no FROM answer JOIN given_item item ON item.id = ANY(item_ids)
     WHERE item.payer = ANY(%(subjects)s) OR item.kind = ANY(%(subjects)s)
"""
_LINES = """
    SELECT no, line.id, line.who, line.keys, line.amount
      FROM answer JOIN given_line line ON line.id = ANY(line_ids) WHERE no = ANY(%s) ORDER BY no, line.id
"""
_ITEMS = """
    SELECT no, item.id, item.kind, item.payer, item.keys, item.amount, item.fee
      FROM answer JOIN given_item item ON item.id = ANY(item_ids) WHERE no = ANY(%s) ORDER BY no, item.id
"""
_TELL = "UPDATE answer SET reasons = reasons || %s WHERE no = ANY(%s) AND pass_name ~ %s"
# Which passes a rule can have brought about.
_PASSES = {"PAYER": "^(?!reference)", "FEE": ".", "REFERENCE": "^(reference|merged|split|difference)"}


def teach(cursor, rules: Sequence[Taught]) -> None:
    """Write what the rules say into the tables that the engine is given, before its passes run."""
    for rule in rules:
        lesson = rule.lesson
        said = {"subject": lesson.subject, "shortest": SHORTEST_KEY, **lesson.says}
        if lesson.kind == "REFERENCE":
            statement = _PREFIX if "prefix" in lesson.says else _CUT
        else:
            statement = {"PAYER": _PAYER, "FEE": _FEE}[lesson.kind]
        cursor.execute(statement, said)


def answers_spoken_of(cursor, rules: Sequence[Taught]) -> list[Decided]:
    """The run's answers that some rule may speak of."""
    if not rules:
        return []
    cursor.execute(_SPOKEN_OF, {"subjects": [rule.lesson.subject for rule in rules]})
    numbers = [row[0] for row in cursor.fetchall()]
    lines: dict[int, list[DecidedLine]] = defaultdict(list)
    cursor.execute(_LINES, [numbers])
    for number, line_id, who, keys, amount in cursor.fetchall():
        lines[number].append(DecidedLine(line_id, who, tuple(keys), amount))
    items: dict[int, list[DecidedItem]] = defaultdict(list)
    cursor.execute(_ITEMS, [numbers])
    for number, item_id, kind, payer, keys, amount, fee in cursor.fetchall():
        items[number].append(DecidedItem(item_id, kind, payer, tuple(keys), amount, fee))
    return [Decided(number, tuple(lines[number]), tuple(items[number])) for number in sorted(numbers)]


def tell_rules(cursor, rules: Sequence[Taught]) -> list[Decided]:
    """Let each answer that a rule brought about say so; the answers that rules speak of."""
    answers = answers_spoken_of(cursor, rules)
    for rule in rules:
        agreeing = [each.id for each in answers if agrees(rule.lesson, each)]
        if agreeing:
            cursor.execute(_TELL, [[f"learnt rule {rule.public_id}"], agreeing, _PASSES[rule.lesson.kind]])
    return answers


def count_uses(
    account: BankAccount, run: MatchRun, rules: Sequence[Taught], answers: Sequence[Decided]
) -> None:
    """Keep how often each rule came true in this run, and in what people decided since the run before."""
    if not rules:
        return
    before = MatchRun.objects.filter(account=account, pk__lt=run.pk).order_by("-pk").first()
    decided = decisions_of(account, since=before.started_at) if before is not None else []
    uses = []
    for rule in rules:
        said = [agrees(rule.lesson, each) for each in (*answers, *decided)]
        hits, misses = said.count(True), said.count(False)
        if hits or misses:
            uses.append(RuleUse(rule_id=rule.id, run=run, hits=hits, misses=misses))
    RuleUse.objects.bulk_create(uses)
