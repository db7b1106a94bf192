DROP TRIGGER cashiering_chequeblock_lifted_once ON cashiering_chequeblock;
DROP TRIGGER cashiering_chequereturn_decided_once ON cashiering_chequereturn;
DROP FUNCTION cashiering_cheque_decided_once();
GRANT UPDATE, DELETE ON cashiering_chequereturn, cashiering_chequeblock TO {app};
