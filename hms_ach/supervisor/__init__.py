"""Runs PostgreSQL, Redis, web, worker and beat as one."""
