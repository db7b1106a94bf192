-- One year of a hospital, set by set. Run by the owner of the tables, past their user triggers.
-- Left out: charges and lines (the till reads none of them), and the rows of audit trail and outbox.

INSERT INTO billing_patient (id, public_id, legal_entity_id, mrn, family_name, given_name, birth_on, sex, phone,
    email, address, phone_index, registered_by_id, registered_at)
SELECT n, 'pat_Y' || lpad(n::text, 25, '0'), %(entity)s, 'Y' || n,
    (ARRAY['Okaf','Lind','Garc','Nguy','Smit','Kowa','Hadd','Pere','Okon','Brow'])[1 + n %% 10]
        || (ARRAY['or','berg','ia','en','hson','lski','ad','ira','kwo','n'])[1 + n / 10 %% 10]
        || (ARRAY['','a','e','i','o','u','is','os','us','as'])[1 + n / 100 %% 10],
    (ARRAY['Ma','Jo','An','Lu','Ka','Be','Sa','Ti','No','El'])[1 + n / 1000 %% 10]
        || (ARRAY['ya','el','na','cas','rin','n','m','mo','ra','la'])[1 + n / 7 %% 10],
    DATE '1940-01-01' + n %% 30000, 'UNKNOWN', '', '', '', md5(n::text), %(user)s, now()
FROM generate_series(%(base)s + 1, %(base)s + %(patients)s) AS n;

INSERT INTO billing_invoice (id, public_id, bill_id, facility_id, number, kind, patient_id, debtor_id, payer_id,
    currency, total_minor, settled_minor, state, issued_on, due_on, drafted_by_id, drafted_at, issued_by_id,
    issued_at, facility_name, facility_address, patient_name, patient_mrn, bill_to_name, bill_to_address,
    payer_class, payer_code)
SELECT %(base)s + n, 'inv_Y' || lpad(n::text, 25, '0'), 'bill_Y' || n / 2, %(facility)s, 'Y-' || n,
    CASE WHEN is_patient THEN 'PATIENT' ELSE 'INSURER' END, who, CASE WHEN is_patient THEN who END,
    CASE WHEN is_patient THEN NULL ELSE %(payer)s END, 'USD', total,
    CASE WHEN is_paid THEN total ELSE 0 END, CASE WHEN is_paid THEN 'PAID' ELSE 'ISSUED' END, day, day + 30,
    %(user)s, day, %(user)s, day, '', '', '', '', '', '', '', ''
FROM (
    SELECT n, n %% 2 = 0 AS is_patient, %(base)s + 1 + (n / 2 * 7919) %% %(patients)s AS who,
        %(first_day)s::date + (n * 364 / (2 * %(visits)s))::int AS day,
        CASE WHEN n %% 2 = 0 THEN (ARRAY[2000,2500,3000,4000,5000,7500,10000,14000,26000,60000])[1 + n / 2 %% 10]
             ELSE 100000 + n %% 90000 END AS total,
        n < 2 * %(visits)s * 0.92 AND n / 2 %% 10 < 7 AS is_paid
    FROM generate_series(1, 2 * %(visits)s::bigint) AS n
) drawn;

INSERT INTO cashiering_session (id, public_id, number, register_id, facility_id, cashier_id, business_on, currency,
    state, is_rescue, cash_minor, counted_minor, opened_at, closed_at, forced_reason, approved_by_id, approved_at)
SELECT %(base)s + k, 'ses_Y' || lpad(k::text, 25, '0'), 'Y' || k, (%(registers)s::bigint[])[1 + k %% %(n_registers)s],
    %(facility)s, %(user)s, day, 'USD', 'BANK_CONFIRMED', false, 0, 0, day, day, '', %(approver)s, day
FROM (SELECT k, %(first_day)s::date + (k / %(n_registers)s)::int AS day
      FROM generate_series(0, 365 * %(n_registers)s - 1) AS k) drawn;

INSERT INTO cashiering_payment (id, public_id, key, content_hash, facility_id, session_id, receipt_number, patient_id,
    currency, total_minor, unapplied_minor, rounding_minor, business_on, taken_at, taken_by_id)
SELECT id, 'pay_Y' || lpad(id::text, 25, '0'), 'year:' || id, '', facility_id,
    CASE WHEN id %% 3 = 0
         THEN %(base)s + (issued_on - %(first_day)s::date) * %(n_registers)s + id %% %(n_registers)s END,
    'Y-' || id, patient_id, 'USD', total_minor, 0, 0, issued_on, issued_on, %(user)s
FROM billing_invoice WHERE id > %(base)s AND kind = 'PATIENT' AND state = 'PAID';

INSERT INTO cashiering_tender (payment_id, line, kind, currency, amount_minor, tendered_minor, change_minor, reference,
    cheque_bank, card_brand, card_last4, auth_code, is_wallet, is_health_account, refunded_minor, short_minor,
    foreign_currency)
SELECT id, 1, CASE WHEN session_id IS NOT NULL AND id %% 5 < 3 THEN 'CASH'
                   WHEN session_id IS NOT NULL THEN 'CHEQUE' ELSE 'TRANSFER' END,
    'USD', total_minor, total_minor, 0, 'Y' || id, 'Bank', '', '', '', false, false, 0, 0, ''
FROM cashiering_payment WHERE id > %(base)s;

INSERT INTO cashiering_allocation (payment_id, invoice_id, amount_minor)
SELECT id, id, total_minor FROM cashiering_payment WHERE id > %(base)s;

INSERT INTO billing_settlement (invoice_id, source, amount_minor, settled_on, reason, recorded_by_id, recorded_at)
SELECT id, CASE WHEN kind = 'PATIENT' THEN 'pay_Y' ELSE 'rem_Y' END || lpad(id::text, 25, '0'), total_minor,
    issued_on, '', %(user)s, issued_on
FROM billing_invoice WHERE id > %(base)s AND state = 'PAID';

-- The bill (entry 2 n) and, where it was paid, the payment (entry 2 n + 1), two postings each.
INSERT INTO ledger_entry (id, public_id, key, legal_entity_id, facility_id, period_id, effective_on, posted_at,
    source_kind, source_id, memo, content_hash, n_postings, total_functional_minor)
SELECT 2 * bill.id + step, 'ent_Y' || lpad((2 * bill.id + step)::text, 25, '0'), 'year:' || bill.id || ':' || step,
    %(entity)s, %(facility)s, period.id, bill.issued_on, bill.issued_on,
    CASE step WHEN 0 THEN 'invoice' ELSE 'payment' END, bill.public_id, '', '', 2, bill.total_minor
FROM billing_invoice bill
JOIN ledger_period period ON period.legal_entity_id = %(entity)s
    AND bill.issued_on BETWEEN period.starts_on AND period.ends_on
CROSS JOIN generate_series(0, 1) AS step
WHERE bill.id > %(base)s AND (step = 0 OR bill.state = 'PAID');

INSERT INTO ledger_posting (entry_id, line, legal_entity_id, facility_id, effective_on, account_id, role, amount_minor,
    currency, functional_minor, payer_class, payer, tender, reference)
SELECT entry.id, side.line, entry.legal_entity_id, entry.facility_id, entry.effective_on, role.account_id, role.role,
    side.sign * entry.total_functional_minor, 'USD', side.sign * entry.total_functional_minor, '', patient.public_id,
    '', entry.source_id
FROM ledger_entry entry
JOIN billing_invoice bill ON bill.id = entry.id / 2
JOIN billing_patient patient ON patient.id = bill.patient_id
CROSS JOIN (VALUES (1::smallint, 1, 'receivable.patient', 'cash.drawer'),
                   (2::smallint, -1, 'revenue.patient_services', 'receivable.patient'))
    AS side (line, sign, of_bill, of_payment)
JOIN ledger_accountrole role ON role.legal_entity_id = entry.legal_entity_id
    AND role.role = CASE entry.source_kind WHEN 'invoice' THEN side.of_bill ELSE side.of_payment END
WHERE entry.key LIKE 'year:%%';
