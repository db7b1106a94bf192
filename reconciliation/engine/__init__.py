"""The matching engine: ordered passes over working tables. It reads and writes nothing that is kept."""

from reconciliation.engine.passes import (
    MINUTE,
    Outcome,
    allow,
    empty_working_tables,
    make_working_tables,
    run_passes,
)

__all__ = ["MINUTE", "Outcome", "allow", "empty_working_tables", "make_working_tables", "run_passes"]
