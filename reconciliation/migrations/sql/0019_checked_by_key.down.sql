CREATE OR REPLACE FUNCTION reconciliation_check_matches() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT account_id FROM made) said
                WHERE NOT EXISTS (SELECT FROM reconciliation_bankaccount WHERE id = said.account_id))
       OR EXISTS (SELECT FROM (SELECT DISTINCT run_id FROM made WHERE run_id IS NOT NULL) said
                   WHERE NOT EXISTS (SELECT FROM reconciliation_matchrun WHERE id = said.run_id)) THEN
        RAISE EXCEPTION 'a match names an account or a run that does not exist'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'reconciliation_match_account_run';
    END IF;
    SELECT made.public_id, lines.total AS lines, items.total AS items, adjustments.total AS adjustments
      INTO wrong
      FROM made
      LEFT JOIN (SELECT match_id, count(*), sum(line.amount_minor) AS total
                   FROM reconciliation_matchline part
                   JOIN reconciliation_statementline line ON line.id = part.line_id
                  WHERE part.match_id IN (SELECT id FROM made) GROUP BY match_id) lines
             ON lines.match_id = made.id
      LEFT JOIN (SELECT match_id, count(*), sum(item.amount_minor) AS total
                   FROM reconciliation_matchitem part
                   JOIN reconciliation_expectation item ON item.id = part.expectation_id
                  WHERE part.match_id IN (SELECT id FROM made) GROUP BY match_id) items
             ON items.match_id = made.id
      LEFT JOIN (SELECT match_id, count(*), sum(amount_minor) AS total
                   FROM reconciliation_matchadjustment
                  WHERE match_id IN (SELECT id FROM made) GROUP BY match_id) adjustments
             ON adjustments.match_id = made.id
     WHERE made.line_count + made.item_count = 0
        OR made.line_count <> coalesce(lines.count, 0)
        OR made.item_count <> coalesce(items.count, 0)
        OR made.adjustment_count <> coalesce(adjustments.count, 0)
        OR coalesce(lines.total, 0) + coalesce(adjustments.total, 0) <> coalesce(items.total, 0)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'match % does not balance: lines % + adjustments % against items %',
            wrong.public_id, wrong.lines, wrong.adjustments, wrong.items
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reconciliation_match_balances';
    END IF;
    RETURN NULL;
END $$;

-- The header says how many parts it has: one more is refused, and so is a part without a header.
CREATE OR REPLACE FUNCTION reconciliation_check_part_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_wrong boolean;
BEGIN
    EXECUTE format(
        'SELECT EXISTS (SELECT FROM (
             SELECT match_id, count(*) AS parts FROM %I
              WHERE match_id IN (SELECT match_id FROM added) GROUP BY match_id) counted
           LEFT JOIN reconciliation_match made ON made.id = counted.match_id
          WHERE made.id IS NULL OR counted.parts > made.%I)',
        TG_TABLE_NAME, TG_ARGV[0]) INTO is_wrong;
    IF is_wrong THEN
        RAISE EXCEPTION 'nothing is added to a match after it was made'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
