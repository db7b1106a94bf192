"""What every API view shares: authentication, scopes, problems, pages."""
