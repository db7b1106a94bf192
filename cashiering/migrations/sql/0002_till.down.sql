DROP TRIGGER cashiering_paymentvoid_session_open ON cashiering_paymentvoid;
DROP TRIGGER cashiering_cashmovement_session_open ON cashiering_cashmovement;
DROP TRIGGER cashiering_payment_session_open ON cashiering_payment;
DROP FUNCTION cashiering_session_is_open();
DROP TRIGGER cashiering_session_fixed ON cashiering_session;
DROP FUNCTION cashiering_session_fixed();
DROP TRIGGER cashiering_tender_fixed ON cashiering_tender;
DROP FUNCTION cashiering_tender_fixed();
GRANT UPDATE, DELETE ON cashiering_tender TO {app};
GRANT DELETE ON cashiering_session, cashiering_deposit, cashiering_cardbatch,
    cashiering_overshort, cashiering_terminalrequest TO {app};
