DROP TRIGGER ledger_glbatchchunk_new ON ledger_glbatchchunk;
DROP FUNCTION ledger_check_batch_chunk();
DROP TRIGGER ledger_glbatchfile_new ON ledger_glbatchfile;
DROP FUNCTION ledger_check_batch_file();
ALTER TABLE ledger_glbatchfile DROP COLUMN made_in;
CREATE TRIGGER ledger_glbatchfile_new AFTER INSERT ON ledger_glbatchfile
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_batch_is_new();
CREATE OR REPLACE FUNCTION ledger_check_batch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_right boolean;
BEGIN
    SELECT count(*) = NEW.n_lines
        AND coalesce(sum(functional_debit_minor), 0) = NEW.debit_minor
        AND coalesce(sum(functional_credit_minor), 0) = NEW.credit_minor
        AND NOT EXISTS (SELECT FROM public.ledger_glbatchline WHERE batch_id = NEW.id
                        GROUP BY currency HAVING sum(debit_minor) <> sum(credit_minor))
        AND (SELECT count(*) FROM public.ledger_glbatchentry WHERE batch_id = NEW.id) = NEW.n_entries
        AND NOT EXISTS (
            SELECT account_id, currency, sum(amount) FROM (
                SELECT account_id, currency, debit_minor - credit_minor AS amount
                FROM public.ledger_glbatchline WHERE batch_id = NEW.id
                UNION ALL
                SELECT posting.account_id, posting.currency, -posting.amount_minor
                FROM public.ledger_posting posting
                JOIN public.ledger_glbatchentry member ON member.entry_id = posting.entry_id
                WHERE member.batch_id = NEW.id
            ) both_sides GROUP BY account_id, currency HAVING sum(amount) <> 0)
        AND NOT EXISTS (
            SELECT FROM public.ledger_glbatchentry member
            JOIN public.ledger_entry entry ON entry.id = member.entry_id
            WHERE member.batch_id = NEW.id
                AND (entry.facility_id <> NEW.facility_id OR entry.effective_on > NEW.business_on))
    INTO is_right FROM public.ledger_glbatchline WHERE batch_id = NEW.id;
    IF NOT is_right THEN
        RAISE EXCEPTION 'batch % does not hold what its control totals say', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_glbatch_adds_up';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER ledger_glbatchstep_follows ON ledger_glbatchstep;
DROP FUNCTION ledger_check_batch_step();
DROP FUNCTION ledger_batch_state(bigint);
DROP TRIGGER ledger_mappingstep_follows ON ledger_mappingstep;
DROP FUNCTION ledger_check_mapping_step();
ALTER TABLE ledger_mappingrule DROP CONSTRAINT ledger_mappingrule_no_overlap;
DROP FUNCTION ledger_mapping_key(text, bigint, text, text);
GRANT UPDATE ON ledger_mappingrule TO {app};
GRANT DELETE ON ledger_glaccount TO {app};
DROP TRIGGER ledger_mappingrule_draft ON ledger_mappingrule;
DROP FUNCTION ledger_check_mapping_rule();
DROP FUNCTION ledger_mapping_state(bigint);
