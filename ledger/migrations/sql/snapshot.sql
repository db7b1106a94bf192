REVOKE INSERT ON ledger_snapshot, ledger_snapshotline FROM {app};

-- A hard close sums its period, whoever closes it. The function is the owner's, so that the application can
-- make snapshots by closing and in no other way.
CREATE FUNCTION ledger_take_snapshot() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM public.ledger_sum_period(NEW);
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_period_summed AFTER UPDATE ON ledger_period
    FOR EACH ROW WHEN (NEW.state = 'HARD' AND OLD.state <> 'HARD') EXECUTE FUNCTION ledger_take_snapshot();

REVOKE EXECUTE ON FUNCTION ledger_take_snapshot() FROM PUBLIC;

-- Receivables are asked for by payer: their sums keep it. Other roles name patients, who are many.
CREATE FUNCTION ledger_sum_period(closed public.ledger_period) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    new_id bigint;
BEGIN
    INSERT INTO public.ledger_snapshot (period_id, version, n_postings, first_posted_at, last_posted_at, taken_at)
    SELECT closed.id,
        (SELECT coalesce(max(version), 0) + 1 FROM public.ledger_snapshot WHERE period_id = closed.id),
        coalesce(sum(n_postings), 0), min(posted_at), max(posted_at), clock_timestamp()
    FROM public.ledger_entry
    WHERE legal_entity_id = closed.legal_entity_id AND period_id = closed.id
        AND facility_id IN (SELECT id FROM public.access_facility WHERE legal_entity_id = closed.legal_entity_id)
        AND effective_on BETWEEN closed.starts_on AND closed.ends_on
    RETURNING id INTO new_id;

    INSERT INTO public.ledger_snapshotline (snapshot_id, account_id, facility_id, department_id, role,
        payer_class, payer, tender, currency, amount_minor, debit_minor, credit_minor, n_postings)
    SELECT new_id, account_id, facility_id, department_id, role,
        payer_class, CASE WHEN starts_with(role, 'receivable.') THEN payer ELSE '' END, tender, currency,
        sum(amount_minor), sum(greatest(functional_minor, 0)), sum(greatest(-functional_minor, 0)), count(*)
    FROM public.ledger_posting
    WHERE account_id IN (SELECT id FROM public.ledger_account WHERE legal_entity_id = closed.legal_entity_id)
        AND effective_on BETWEEN closed.starts_on AND closed.ends_on
    GROUP BY 2, 3, 4, 5, 6, 7, 8, 9;
END $$;
REVOKE EXECUTE ON FUNCTION ledger_sum_period(public.ledger_period) FROM PUBLIC;
