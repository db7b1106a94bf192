-- The map: drafts change, everything else is written once; two people; one target or none.

CREATE FUNCTION ledger_mapping_state(version bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT state::text FROM public.ledger_mappingstep
                     WHERE version_id = version ORDER BY sequence DESC LIMIT 1), 'DRAFT')
$$;

-- The row of the version is locked by no one (it is never updated), so a rule and a step of one version
-- take the same advisory lock: a rule is written before the version is submitted or not at all.
CREATE FUNCTION ledger_check_mapping_rule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    version public.ledger_mappingversion;
BEGIN
    PERFORM pg_advisory_xact_lock(
        hashtextextended('ledger_mappingversion:' || coalesce(NEW.version_id, OLD.version_id), 0));
    IF public.ledger_mapping_state(coalesce(NEW.version_id, OLD.version_id)) NOT IN ('DRAFT', 'RETURNED') THEN
        RAISE EXCEPTION 'the rules of a map change only while it is a draft'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_mappingrule_of_draft';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    SELECT * INTO version FROM public.ledger_mappingversion WHERE id = NEW.version_id;
    IF cardinality(NEW.segments) <> cardinality(version.segment_names) OR EXISTS (
        SELECT FROM public.access_facility facility
        WHERE facility.id = NEW.facility_id AND facility.legal_entity_id <> version.legal_entity_id
    ) THEN
        RAISE EXCEPTION 'a rule has a value for each segment, and a facility of its map''s legal entity'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_mappingrule_fits';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_mappingrule_draft BEFORE INSERT OR DELETE ON ledger_mappingrule
    FOR EACH ROW EXECUTE FUNCTION ledger_check_mapping_rule();

REVOKE UPDATE, TRUNCATE ON ledger_mappingrule FROM {app};
REVOKE DELETE, TRUNCATE ON ledger_glaccount FROM {app};

-- One key as text: ranges of text have GiST operators in core (0002), plain text would need an extension.
CREATE FUNCTION ledger_mapping_key(category text, facility bigint, payer_class text, tender text)
    RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT category || chr(31) || coalesce(facility::text, '') || chr(31) || payer_class || chr(31) || tender
$$;
ALTER TABLE ledger_mappingrule ADD CONSTRAINT ledger_mappingrule_no_overlap EXCLUDE USING gist (
    int8range(version_id, version_id, '[]') WITH &&,
    ledger_textrange(
        ledger_mapping_key(category, facility_id, payer_class, tender),
        ledger_mapping_key(category, facility_id, payer_class, tender), '[]'
    ) WITH &&,
    daterange(valid_from, valid_until) WITH &&
);

CREATE FUNCTION ledger_check_mapping_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('ledger_mappingversion:' || NEW.version_id, 0));
    SELECT coalesce(max(sequence), 0) AS sequence, public.ledger_mapping_state(NEW.version_id) AS state
    INTO last FROM public.ledger_mappingstep WHERE version_id = NEW.version_id;
    IF NEW.sequence <> last.sequence + 1 OR (last.state, NEW.state::text) NOT IN (
        ('DRAFT', 'SUBMITTED'), ('DRAFT', 'WITHDRAWN'), ('SUBMITTED', 'APPROVED'), ('SUBMITTED', 'RETURNED'),
        ('SUBMITTED', 'WITHDRAWN'), ('RETURNED', 'SUBMITTED'), ('RETURNED', 'WITHDRAWN')
    ) THEN
        RAISE EXCEPTION 'a map that is % cannot become %', last.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_mappingstep_follows';
    END IF;
    IF NEW.state = 'APPROVED' AND (
        EXISTS (SELECT FROM public.ledger_mappingversion WHERE id = NEW.version_id AND created_by_id = NEW.made_by_id)
        OR EXISTS (SELECT FROM public.ledger_mappingrule
                   WHERE version_id = NEW.version_id AND written_by_id = NEW.made_by_id)
        OR EXISTS (SELECT FROM public.ledger_mappingstep WHERE version_id = NEW.version_id
                   AND state = 'SUBMITTED' AND made_by_id = NEW.made_by_id)
    ) THEN
        RAISE EXCEPTION 'a map is approved by somebody who neither wrote nor submitted any of it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_mappingstep_two_people';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_mappingstep_follows BEFORE INSERT ON ledger_mappingstep
    FOR EACH ROW EXECUTE FUNCTION ledger_check_mapping_step();

-- ---- the life of a batch

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

CREATE OR REPLACE FUNCTION ledger_check_batch() RETURNS trigger LANGUAGE plpgsql AS $$
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

-- A file of a profile (xpf_…) may be made later; the layouts of the house are made with the batch.
DROP TRIGGER ledger_glbatchfile_new ON ledger_glbatchfile;
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
