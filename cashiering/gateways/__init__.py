"""Outside services behind one protocol each."""
