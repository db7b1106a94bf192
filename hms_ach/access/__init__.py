"""Who may do what, and where: users, roles, facilities."""
