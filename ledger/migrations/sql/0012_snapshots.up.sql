-- A hard close sums its period, whoever closes it. The function is the owner's, so that the application can
-- make snapshots by closing and in no other way.
CREATE FUNCTION ledger_take_snapshot() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    new_id bigint;
BEGIN
    INSERT INTO public.ledger_snapshot (period_id, version, n_postings, first_posted_at, last_posted_at, taken_at)
    SELECT NEW.id,
        (SELECT coalesce(max(version), 0) + 1 FROM public.ledger_snapshot WHERE period_id = NEW.id),
        coalesce(sum(n_postings), 0), min(posted_at), max(posted_at), clock_timestamp()
    FROM public.ledger_entry
    WHERE legal_entity_id = NEW.legal_entity_id AND period_id = NEW.id
        AND facility_id IN (SELECT id FROM public.access_facility WHERE legal_entity_id = NEW.legal_entity_id)
        AND effective_on BETWEEN NEW.starts_on AND NEW.ends_on
    RETURNING id INTO new_id;

    INSERT INTO public.ledger_snapshotline (snapshot_id, account_id, facility_id, department_id, role,
        payer_class, tender, currency, amount_minor, debit_minor, credit_minor, n_postings)
    SELECT new_id, account_id, facility_id, department_id, role, payer_class, tender, currency,
        sum(amount_minor), sum(greatest(functional_minor, 0)), sum(greatest(-functional_minor, 0)), count(*)
    FROM public.ledger_posting
    WHERE account_id IN (SELECT id FROM public.ledger_account WHERE legal_entity_id = NEW.legal_entity_id)
        AND effective_on BETWEEN NEW.starts_on AND NEW.ends_on
    GROUP BY account_id, facility_id, department_id, role, payer_class, tender, currency;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION ledger_take_snapshot() FROM PUBLIC;

CREATE TRIGGER ledger_period_summed AFTER UPDATE ON ledger_period
    FOR EACH ROW WHEN (NEW.state = 'HARD' AND OLD.state <> 'HARD') EXECUTE FUNCTION ledger_take_snapshot();

REVOKE INSERT ON ledger_snapshot, ledger_snapshotline FROM {app};

-- An older snapshot of the database would leave out what was posted since: a close takes none.
CREATE OR REPLACE FUNCTION ledger_wait_for_posters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'a period changes its state in a read committed transaction only'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period_sees_all';
    END IF;
    PERFORM pg_advisory_xact_lock(7031, (NEW.id % 2147483647)::int);
    RETURN NEW;
END $$;
