"""Signing in, and the administration of people and API clients."""
