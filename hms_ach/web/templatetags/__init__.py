"""Template tags and filters shared by all screens."""
