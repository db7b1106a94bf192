"""Questions; never write."""
