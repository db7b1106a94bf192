DROP TRIGGER cashiering_advice_withdrawn_once ON cashiering_advice;
DROP FUNCTION cashiering_advice_withdrawn_once();

{function cashiering_refund_steps of 0011_refunds}
