-- At commit a batch holds what its control totals say, of lines that an approved map sent where they go.
CREATE FUNCTION ledger_check_batch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_right boolean;
    sender bigint := coalesce(NEW.reverses_id, NEW.id);
    side integer := CASE WHEN NEW.reverses_id IS NULL THEN 1 ELSE -1 END;
BEGIN
    SELECT count(*) = NEW.n_lines
        AND coalesce(sum(functional_debit_minor), 0) = NEW.debit_minor
        AND coalesce(sum(functional_credit_minor), 0) = NEW.credit_minor
        AND NOT EXISTS (SELECT FROM public.ledger_glbatchline WHERE batch_id = NEW.id
                        GROUP BY currency HAVING sum(debit_minor) <> sum(credit_minor))
        AND (SELECT count(*) FROM public.ledger_glbatchentry WHERE batch_id = NEW.id) = NEW.n_entries
        AND (NEW.reverses_id IS NULL OR NEW.n_entries = 0)
        AND NOT EXISTS (
            SELECT account_id, currency, sum(amount) FROM (
                SELECT account_id, currency, debit_minor - credit_minor AS amount
                FROM public.ledger_glbatchline WHERE batch_id = NEW.id
                UNION ALL
                SELECT posting.account_id, posting.currency, -side * posting.amount_minor
                FROM public.ledger_posting posting
                JOIN public.ledger_glbatchentry member ON member.entry_id = posting.entry_id
                WHERE member.batch_id = sender
            ) both_sides GROUP BY account_id, currency HAVING sum(amount) <> 0)
        AND NOT EXISTS (
            SELECT FROM public.ledger_glbatchentry member
            JOIN public.ledger_entry entry ON entry.id = member.entry_id
            WHERE member.batch_id = NEW.id
                AND (entry.facility_id <> NEW.facility_id OR entry.effective_on > NEW.business_on))
        AND NOT EXISTS (
            SELECT FROM public.ledger_glbatch other
            WHERE other.id IN (NEW.rebuilds_id, NEW.reverses_id)
                AND (other.facility_id <> NEW.facility_id OR other.business_on <> NEW.business_on
                     OR other.id = NEW.rebuilds_id AND (
                         other.attempt <> NEW.attempt - 1 OR other.n_entries <> NEW.n_entries
                         OR public.ledger_batch_state(other.id) <> 'REBUILT')))
        AND (NEW.rebuilds_id IS NULL OR NOT EXISTS (
            SELECT FROM public.ledger_glbatchentry member WHERE member.batch_id = NEW.rebuilds_id
                AND NOT EXISTS (SELECT FROM public.ledger_glbatchentry again
                                WHERE again.entry_id = member.entry_id AND again.batch_id = NEW.id)))
        AND NOT EXISTS (
            SELECT FROM public.ledger_glbatchline line
            LEFT JOIN public.ledger_mappingrule rule ON rule.id = line.rule_id
            LEFT JOIN public.ledger_mappingversion version ON version.id = rule.version_id
            WHERE line.batch_id = NEW.id AND (line.segments = '{}' OR line.rule_id IS NOT NULL AND (
                version.legal_entity_id <> NEW.legal_entity_id
                OR public.ledger_mapping_state(version.id) <> 'APPROVED')))
        AND NOT EXISTS (SELECT FROM public.ledger_glbatchentry
                        WHERE batch_id = NEW.id AND attempt <> NEW.attempt)
        AND EXISTS (SELECT FROM public.ledger_glbatchstep WHERE batch_id = NEW.id)
    INTO is_right FROM public.ledger_glbatchline WHERE batch_id = NEW.id;
    IF NOT is_right THEN
        RAISE EXCEPTION 'batch % does not hold what its control totals say', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_glbatch_adds_up';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_glbatch_adds_up AFTER INSERT ON ledger_glbatch
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_batch();

-- A batch takes members, lines and files only in the transaction that makes it.
ALTER TABLE ledger_glbatch ADD COLUMN built_in xid8 NOT NULL DEFAULT pg_current_xact_id();

CREATE FUNCTION ledger_stamp_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.built_in := pg_current_xact_id();
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_glbatch_stamped BEFORE INSERT ON ledger_glbatch
    FOR EACH ROW EXECUTE FUNCTION ledger_stamp_batch();

CREATE FUNCTION ledger_check_batch_is_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added JOIN public.ledger_glbatch batch ON batch.id = added.batch_id
               WHERE batch.built_in <> pg_current_xact_id()) THEN
        RAISE EXCEPTION 'a batch is frozen once it is built'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_glbatch_frozen';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_glbatchentry_new AFTER INSERT ON ledger_glbatchentry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_batch_is_new();
CREATE TRIGGER ledger_glbatchline_new AFTER INSERT ON ledger_glbatchline
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_batch_is_new();

-- The life of a batch is its steps; the last one is its state.
CREATE FUNCTION ledger_batch_state(batch bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT (SELECT state::text FROM public.ledger_glbatchstep
            WHERE batch_id = batch ORDER BY sequence DESC LIMIT 1)
$$;

CREATE FUNCTION ledger_check_batch_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('ledger_glbatch:' || NEW.batch_id, 0));
    SELECT coalesce(max(sequence), 0) AS sequence, coalesce(public.ledger_batch_state(NEW.batch_id), '') AS state
    INTO last FROM public.ledger_glbatchstep WHERE batch_id = NEW.batch_id;
    IF NEW.sequence <> last.sequence + 1 OR (last.state, NEW.state::text) NOT IN (
        ('', 'BUILT'), ('BUILT', 'VALIDATED'), ('BUILT', 'REJECTED'),
        ('VALIDATED', 'APPROVED'), ('VALIDATED', 'REJECTED'),
        ('APPROVED', 'EXPORTED'), ('APPROVED', 'ACKNOWLEDGED'), ('APPROVED', 'REJECTED'),
        ('EXPORTED', 'ACKNOWLEDGED'), ('EXPORTED', 'REJECTED'),
        ('ACKNOWLEDGED', 'POSTED'), ('ACKNOWLEDGED', 'REJECTED'),
        ('POSTED', 'REVERSED'), ('REJECTED', 'REBUILT'), ('REVERSED', 'REBUILT')
    ) THEN
        RAISE EXCEPTION 'a batch that is % cannot become %', last.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_glbatchstep_follows';
    END IF;
    IF NEW.state = 'APPROVED' AND (NEW.made_by_id IS NULL OR EXISTS (
        SELECT FROM public.ledger_glbatch WHERE id = NEW.batch_id AND built_by_id = NEW.made_by_id
    )) THEN
        RAISE EXCEPTION 'a batch is approved by somebody other than who built it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_glbatchstep_two_people';
    END IF;
    IF NEW.state = 'REBUILT' AND NOT EXISTS (SELECT FROM public.ledger_glbatch WHERE rebuilds_id = NEW.batch_id)
        OR NEW.state = 'REVERSED' AND NOT EXISTS (
            SELECT FROM public.ledger_glbatch reversal JOIN public.ledger_glbatchstep step
                ON step.batch_id = reversal.id AND step.state = 'APPROVED'
            WHERE reversal.reverses_id = NEW.batch_id) THEN
        RAISE EXCEPTION 'a batch is rebuilt or reversed only by another batch'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_glbatchstep_has_successor';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_glbatchstep_follows BEFORE INSERT ON ledger_glbatchstep
    FOR EACH ROW EXECUTE FUNCTION ledger_check_batch_step();

ALTER TABLE ledger_glbatchfile ADD COLUMN made_in xid8 NOT NULL DEFAULT pg_current_xact_id();

CREATE FUNCTION ledger_check_batch_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.made_in := pg_current_xact_id();
    IF NEW.layout NOT LIKE 'xpf\_%' AND EXISTS (
        SELECT FROM public.ledger_glbatch WHERE id = NEW.batch_id AND built_in <> pg_current_xact_id()
    ) THEN
        RAISE EXCEPTION 'a batch is frozen once it is built'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_glbatch_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_glbatchfile_new BEFORE INSERT ON ledger_glbatchfile
    FOR EACH ROW EXECUTE FUNCTION ledger_check_batch_file();

CREATE FUNCTION ledger_check_batch_chunk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added JOIN public.ledger_glbatchfile file ON file.id = added.file_id
               WHERE file.made_in <> pg_current_xact_id()) THEN
        RAISE EXCEPTION 'a file keeps the bytes it was made with'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_glbatchfile_frozen';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_glbatchchunk_new AFTER INSERT ON ledger_glbatchchunk
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_batch_chunk();

-- One reversal of a batch at a time, and none of a reversal that was never posted.
CREATE FUNCTION ledger_check_batch_reversal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('ledger_glbatch:' || NEW.reverses_id, 0));
    IF EXISTS (SELECT FROM public.ledger_glbatch other WHERE other.reverses_id = NEW.reverses_id
               AND public.ledger_batch_state(other.id) IS DISTINCT FROM 'REJECTED') THEN
        RAISE EXCEPTION 'a batch is reversed by one other batch'
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'ledger_glbatch_reversed_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_glbatch_reversed_once BEFORE INSERT ON ledger_glbatch
    FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL) EXECUTE FUNCTION ledger_check_batch_reversal();

-- A rejected reversal has no entries that could be sent again; a batch is reversed by one that is posted.
CREATE FUNCTION ledger_check_batch_reversed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'REBUILT' AND EXISTS (
            SELECT FROM public.ledger_glbatch WHERE id = NEW.batch_id AND reverses_id IS NOT NULL)
        OR NEW.state = 'REVERSED' AND NOT EXISTS (
            SELECT FROM public.ledger_glbatch reversal JOIN public.ledger_glbatchstep step
                ON step.batch_id = reversal.id AND step.state = 'POSTED'
            WHERE reversal.reverses_id = NEW.batch_id) THEN
        RAISE EXCEPTION 'a batch is reversed when its reversal is posted, and a reversal is not rebuilt'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_glbatchstep_reversal_posted';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_glbatchstep_reversed BEFORE INSERT ON ledger_glbatchstep
    FOR EACH ROW EXECUTE FUNCTION ledger_check_batch_reversed();
