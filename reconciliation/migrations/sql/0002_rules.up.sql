-- One statement writes a match with all its parts; at its end counts and sums must hold:
-- lines + adjustments (debits positive) = expected items.
CREATE FUNCTION reconciliation_check_matches() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
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
CREATE TRIGGER reconciliation_match_balances AFTER INSERT ON reconciliation_match
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_check_matches();

-- The header says how many parts it has: one more is refused.
CREATE FUNCTION reconciliation_check_part_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_too_many boolean;
BEGIN
    EXECUTE format(
        'SELECT EXISTS (SELECT FROM (
             SELECT match_id, count(*) AS parts FROM %I
              WHERE match_id IN (SELECT match_id FROM added) GROUP BY match_id) counted
           JOIN reconciliation_match made ON made.id = counted.match_id
          WHERE counted.parts > made.%I)',
        TG_TABLE_NAME, TG_ARGV[0]) INTO is_too_many;
    IF is_too_many THEN
        RAISE EXCEPTION 'nothing is added to a match after it was made'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reconciliation_matchline_counts AFTER INSERT ON reconciliation_matchline
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT
    EXECUTE FUNCTION reconciliation_check_part_counts('line_count');
CREATE TRIGGER reconciliation_matchitem_counts AFTER INSERT ON reconciliation_matchitem
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT
    EXECUTE FUNCTION reconciliation_check_part_counts('item_count');
CREATE TRIGGER reconciliation_matchadjustment_counts AFTER INSERT ON reconciliation_matchadjustment
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT
    EXECUTE FUNCTION reconciliation_check_part_counts('adjustment_count');

-- A part changes in one way: it names the undoing of its own match, once.
CREATE FUNCTION reconciliation_only_undo() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.undo_id IS NOT NULL OR NEW.undo_id IS NULL
       OR to_jsonb(NEW) - 'undo_id' <> to_jsonb(OLD) - 'undo_id'
       OR NOT EXISTS (
            SELECT FROM reconciliation_matchundo undo
             WHERE undo.id = NEW.undo_id AND undo.match_id = NEW.match_id) THEN
        RAISE EXCEPTION 'a part of a match changes only when its match is undone'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_matchline_only_undo BEFORE UPDATE ON reconciliation_matchline
    FOR EACH ROW EXECUTE FUNCTION reconciliation_only_undo();
CREATE TRIGGER reconciliation_matchitem_only_undo BEFORE UPDATE ON reconciliation_matchitem
    FOR EACH ROW EXECUTE FUNCTION reconciliation_only_undo();

-- What was pulled from the till stays as it was; a row may only be withdrawn, or wanted again.
CREATE FUNCTION reconciliation_only_withdraw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - ARRAY['withdrawn_at', 'account_id'] <> to_jsonb(OLD) - ARRAY['withdrawn_at', 'account_id']
       OR (OLD.account_id IS NOT NULL AND NEW.account_id IS DISTINCT FROM OLD.account_id) THEN
        RAISE EXCEPTION 'an expectation stays as it was pulled'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_expectation_only_withdraw BEFORE UPDATE ON reconciliation_expectation
    FOR EACH ROW EXECUTE FUNCTION reconciliation_only_withdraw();

-- A proposal is decided once; what was proposed stays as it was.
CREATE FUNCTION reconciliation_only_decide() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fate text[] := ARRAY['verdict', 'verdict_reason', 'decided_by_id', 'decided_at', 'match_id'];
BEGIN
    IF OLD.verdict IS NOT NULL OR to_jsonb(NEW) - fate <> to_jsonb(OLD) - fate THEN
        RAISE EXCEPTION 'a proposal is decided once and never changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_proposal_only_decide BEFORE UPDATE ON reconciliation_proposal
    FOR EACH ROW EXECUTE FUNCTION reconciliation_only_decide();

REVOKE DELETE, TRUNCATE ON reconciliation_matchline, reconciliation_matchitem, reconciliation_expectation,
    reconciliation_proposal, reconciliation_discrepancy, reconciliation_bankaccount FROM {app};
