"""Random tills: every way cash moves, in any order, beside a plain sum kept by the machine itself.

The machine never reads the till's own figures to decide what they should be: it adds up what it did, and
compares that with the formula, the counter, the book and the reads.
"""

from tests.invariants.till_machine.banking import Banking
from tests.invariants.till_machine.handing import Handing
from tests.invariants.till_machine.opening import Opening
from tests.invariants.till_machine.place import Place, prepare
from tests.invariants.till_machine.selling import Selling

__all__ = ["Place", "TillMachine", "prepare"]


class TillMachine(Opening, Selling, Handing, Banking):
    """All that may happen to the cash of two facilities."""
