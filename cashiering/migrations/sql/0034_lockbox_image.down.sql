GRANT UPDATE, DELETE, TRUNCATE ON cashiering_lockboximage TO {app};
