REVOKE DELETE, TRUNCATE ON cashiering_receipttext FROM {app};
