{function ledger_check_postings of 0002_guards}

{function ledger_check_period_change of 0002_guards}

ALTER TABLE ledger_period DROP CONSTRAINT ledger_period_no_overlap;
ALTER TABLE ledger_period ADD CONSTRAINT ledger_period_is_month CHECK (
    starts_on = date_trunc('month', starts_on::timestamp)::date
    AND ends_on = (date_trunc('month', starts_on::timestamp) + interval '1 month - 1 day')::date
);
