"""What every screen shares: pages, permissions, template tags."""
