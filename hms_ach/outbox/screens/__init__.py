"""HTML in and out."""
