REVOKE DELETE, TRUNCATE ON cashiering_receiptmail FROM {app};
