DROP TRIGGER cashiering_refund_people ON cashiering_refund;
DROP FUNCTION cashiering_refund_people();
