"""Mail that carries a link and no personal data."""
