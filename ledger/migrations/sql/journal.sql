REVOKE DELETE, TRUNCATE ON ledger_journal, ledger_journaltemplate FROM {app};

-- A journal is written whole in one transaction and changes once, when it is decided.
ALTER TABLE ledger_journal ADD COLUMN prepared_in xid8 NOT NULL DEFAULT pg_current_xact_id();

CREATE FUNCTION ledger_check_journal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'PROPOSED' THEN
            RAISE EXCEPTION 'journal % is prepared first and decided afterwards', NEW.number
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_journal_prepared_first';
        END IF;
        NEW.prepared_in := pg_current_xact_id();
        RETURN NEW;
    END IF;
    IF OLD.state <> 'PROPOSED'
        OR to_jsonb(NEW) - '{state,entry_id,decided_by_id,decided_at,decision_reason}'::text[]
        IS DISTINCT FROM
           to_jsonb(OLD) - '{state,entry_id,decided_by_id,decided_at,decision_reason}'::text[] THEN
        RAISE EXCEPTION 'journal % changes once, when it is decided', OLD.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_journal_decided_once';
    END IF;
    IF NEW.state = 'WITHDRAWN' AND NEW.decided_by_id <> NEW.prepared_by_id THEN
        RAISE EXCEPTION 'journal % is withdrawn by who prepared it', OLD.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_journal_withdrawn_by_preparer';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_journal_decided BEFORE INSERT OR UPDATE ON ledger_journal
    FOR EACH ROW EXECUTE FUNCTION ledger_check_journal();

CREATE FUNCTION ledger_check_journal_is_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.ledger_journal journal WHERE journal.id = NEW.journal_id
                   AND journal.prepared_in = pg_current_xact_id()) THEN
        RAISE EXCEPTION 'a journal takes lines and files only when it is prepared'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_journal_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_journalline_new BEFORE INSERT ON ledger_journalline
    FOR EACH ROW EXECUTE FUNCTION ledger_check_journal_is_new();
CREATE TRIGGER ledger_journalfile_new BEFORE INSERT ON ledger_journalfile
    FOR EACH ROW EXECUTE FUNCTION ledger_check_journal_is_new();

-- What is posted is what was prepared: the entry of an approved journal has its lines, in its facility.
CREATE FUNCTION ledger_check_journal_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.entry_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM public.ledger_entry entry
        WHERE entry.id = NEW.entry_id AND entry.facility_id = NEW.facility_id
            AND entry.source_kind = 'adjustment' AND entry.source_id = NEW.public_id
            AND entry.effective_on = NEW.effective_on
            AND entry.reverses_id IS NOT DISTINCT FROM NEW.reverses_id
            AND (NEW.reverses_id IS NOT NULL OR NOT EXISTS (
                SELECT FROM (SELECT line, account_id, amount_minor, department_id
                             FROM public.ledger_journalline WHERE journal_id = NEW.id) wanted
                FULL JOIN (SELECT line, account_id, amount_minor, department_id, currency
                           FROM public.ledger_posting WHERE entry_id = entry.id) posted USING (line)
                WHERE (wanted.account_id, wanted.amount_minor) IS DISTINCT FROM
                      (posted.account_id, posted.amount_minor)
                    OR wanted.department_id IS DISTINCT FROM posted.department_id
                    OR posted.currency IS DISTINCT FROM NEW.currency))) THEN
        RAISE EXCEPTION 'journal % is posted as it was prepared', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_journal_posted_as_prepared';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_journal_entry AFTER UPDATE ON ledger_journal
    FOR EACH ROW EXECUTE FUNCTION ledger_check_journal_entry();

-- A template changes once, when it is retired.
CREATE FUNCTION ledger_check_journal_template() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.retired_at IS NOT NULL OR to_jsonb(NEW) - 'retired_at' IS DISTINCT FROM to_jsonb(OLD) - 'retired_at' THEN
        RAISE EXCEPTION 'template % is retired, never changed', OLD.name
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_journaltemplate_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_journaltemplate_kept BEFORE UPDATE ON ledger_journaltemplate
    FOR EACH ROW EXECUTE FUNCTION ledger_check_journal_template();

-- Nobody writes by hand what a sub-ledger keeps, to the cent. The roles are ledger.rules.roles.CONTROL_ROLES.
CREATE FUNCTION ledger_is_control_role(role text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT role IN ('receivable.unbilled', 'receivable.patient', 'receivable.insurer', 'cash.drawer',
        'cheque.drawer', 'deposit.in_transit', 'card.clearing', 'transfer.clearing', 'refund.clearing',
        'remittance.clearing', 'liability.patient_deposits', 'suspense.unidentified')
$$;

CREATE FUNCTION ledger_is_kept_by_sub_ledger(account bigint, day date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM public.ledger_accountrole played
        WHERE played.account_id = account AND public.ledger_is_control_role(played.role)
            AND played.valid_from <= day AND (played.valid_until IS NULL OR played.valid_until > day))
$$;

CREATE FUNCTION ledger_check_journal_by_hand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_wrong boolean;
BEGIN
    IF TG_TABLE_NAME = 'ledger_journalline' THEN
        SELECT public.ledger_is_kept_by_sub_ledger(NEW.account_id, journal.effective_on)
        INTO is_wrong FROM public.ledger_journal journal WHERE journal.id = NEW.journal_id;
    ELSE
        SELECT bool_or(public.ledger_is_kept_by_sub_ledger(line.account_id, NEW.effective_on))
        INTO is_wrong FROM public.ledger_journalline line WHERE line.journal_id = NEW.id;
    END IF;
    IF is_wrong THEN
        RAISE EXCEPTION 'nobody posts by hand to an account that a sub-ledger keeps'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_journal_no_control_account';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_journalline_by_hand BEFORE INSERT ON ledger_journalline
    FOR EACH ROW EXECUTE FUNCTION ledger_check_journal_by_hand();
CREATE TRIGGER ledger_journal_by_hand BEFORE UPDATE ON ledger_journal
    FOR EACH ROW WHEN (NEW.state = 'POSTED') EXECUTE FUNCTION ledger_check_journal_by_hand();

CREATE FUNCTION ledger_check_limit_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM public.ledger_journallimit
               WHERE id = NEW.limit_id AND set_by_id IS NOT DISTINCT FROM NEW.approved_by_id) THEN
        RAISE EXCEPTION 'a limit of journals is let count by somebody other than who asked for it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_journallimit_two_people';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_journallimit_two_people BEFORE INSERT ON ledger_journallimitapproval
    FOR EACH ROW EXECUTE FUNCTION ledger_check_limit_approval();
