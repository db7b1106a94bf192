-- What insurers announced is kept by remittances and matches, to the cent; see ledger.rules.roles.CONTROL_ROLES.
CREATE OR REPLACE FUNCTION ledger_is_control_role(role text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT role IN ('receivable.unbilled', 'receivable.patient', 'receivable.insurer', 'cash.drawer',
        'cheque.drawer', 'deposit.in_transit', 'card.clearing', 'transfer.clearing', 'refund.clearing',
        'remittance.clearing', 'liability.patient_deposits', 'suspense.unidentified')
$$;
