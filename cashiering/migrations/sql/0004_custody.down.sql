DROP TRIGGER cashiering_deposit_opened_for_good ON cashiering_deposit;
DROP FUNCTION cashiering_deposit_opened_for_good();
DROP TRIGGER cashiering_depositpart_once ON cashiering_depositpart;
DROP FUNCTION cashiering_depositpart_once();
DROP TRIGGER cashiering_safecount_decided_once ON cashiering_safecount;
DROP FUNCTION cashiering_safecount_decided_once();
DROP TRIGGER cashiering_changeorder_decided_once ON cashiering_changeorder;
DROP TRIGGER cashiering_cashtransfer_decided_once ON cashiering_cashtransfer;
DROP FUNCTION cashiering_transfer_decided_once();
GRANT UPDATE, DELETE ON cashiering_cashtransfer, cashiering_changeorder, cashiering_safecount TO {app};
{function cashiering_session_is_open of 0002_till}
