"""What is known of those who pay: kept as items are pulled, told to each run of the engine."""

from reconciliation.queries.known_party import known_items
from reconciliation.rules.known_items import KnownItems
from reconciliation.rules.references import normalised

# In one order, so that two pulls at once never wait for one another.
_KEEP = """
    INSERT INTO reconciliation_knownparty (payer, name, numbered_by)
    SELECT DISTINCT payer, payer_name,
           CASE WHEN terminal <> '' THEN terminal WHEN batch <> '' THEN payer ELSE '' END
      FROM expectation_staging WHERE payer <> '' OR payer_name <> '' OR terminal <> '' ORDER BY 1, 2, 3
    ON CONFLICT DO NOTHING
"""
# Lines that name nobody, or a number that some item may go by.
_LOOKED_AT = """
    SELECT id, given.refs, given.keys, line.counterparty, line.description
      FROM given_line given
      JOIN (SELECT id, counterparty, description FROM reconciliation_statementline
             WHERE id = ANY (ARRAY(SELECT id FROM given_line)) OFFSET 0) line USING (id)
     WHERE given.who = '' OR line.counterparty ~ '[0-9]'
        OR id IN (SELECT id FROM (SELECT id, unnest(keys) AS key FROM given_line) said
                   WHERE key = ANY(%(terminals)s))
"""
_TELL = """
    UPDATE given_line SET who = told.who, keys = string_to_array(told.keys, ' ')
      FROM unnest(%(ids)s::bigint[], %(who)s::text[], %(keys)s::text[]) told(id, who, keys)
     WHERE told.id = given_line.id
"""
# As rules.references writes them: give.sql knows no labels, and leaves too little of a short number.
_NUMBERED = "SELECT DISTINCT payer, terminal, shared[1], shared[2] FROM given_item"
_NUMBER = """
    UPDATE given_item SET shared[{place}] = told.key FROM unnest(%s::text[], %s::text[]) told(said, key)
     WHERE given_item.{said} = told.said
"""


def keep_parties(cursor) -> None:
    """Keep the parties of what is staged; those known already stay as they are."""
    cursor.execute(_KEEP)


def tell_known(cursor) -> None:
    """Tell the engine whom its lines name, which batches their numbers mean, and who goes by a name."""
    known = known_items()
    cursor.execute(_LOOKED_AT, {"terminals": list(known.terminals)})
    if looked_at := cursor.fetchall():
        cursor.execute(_TELL, _told(known, looked_at))
    _tell_numbers(cursor)
    give_names(cursor, known)


def _tell_numbers(cursor) -> None:
    cursor.execute(_NUMBERED)
    rows = cursor.fetchall()
    for at, said in enumerate(("payer", "terminal")):
        keys = {row[at]: key for row in rows if (key := normalised(row[at])) != row[at + 2]}
        if keys:
            cursor.execute(_NUMBER.format(said=said, place=at + 1), [[*keys], [*keys.values()]])


def _told(known: KnownItems, looked_at: list[tuple]) -> dict[str, list]:
    told: dict[str, list] = {"ids": [], "who": [], "keys": []}
    for number, references, keys, name, text in looked_at:
        told["ids"].append(number)
        told["who"].append(known.who(name, text))
        told["keys"].append(" ".join(known.with_batches(keys, references, text, name)))
    return told


def give_names(cursor, known: KnownItems) -> None:
    """Whom a name stands for that the items themselves call so: as good as three matches by reference."""
    with cursor.copy("COPY given_fact FROM STDIN") as copy:
        for who, payer in sorted(known.called):
            copy.write_row(("", who, "", payer, None, 3))
