-- What a bank scanned never changes.
REVOKE UPDATE, DELETE, TRUNCATE ON cashiering_lockboximage FROM {app};
