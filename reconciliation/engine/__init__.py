"""The matching engine: ordered passes over working tables. It reads and writes nothing that is kept."""

from reconciliation.engine.passes import Outcome, make_working_tables, run_passes

__all__ = ["Outcome", "make_working_tables", "run_passes"]
