DROP TRIGGER cashiering_paymentvoid_not_refunded ON cashiering_paymentvoid;
DROP TRIGGER cashiering_refund_not_voided ON cashiering_refund;
DROP FUNCTION cashiering_void_or_refund();
DROP TRIGGER cashiering_refund_steps ON cashiering_refund;
DROP FUNCTION cashiering_refund_steps();
GRANT UPDATE, DELETE ON cashiering_refund TO {app};
REVOKE UPDATE (refunded_minor) ON cashiering_tender FROM {app};
