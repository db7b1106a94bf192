CREATE OR REPLACE FUNCTION ledger_take_snapshot() RETURNS trigger LANGUAGE plpgsql
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
DROP FUNCTION ledger_sum_period(ledger_period);
