REVOKE DELETE, TRUNCATE ON reconciliation_bankconnection FROM {app};
