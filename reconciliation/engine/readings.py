"""The readings of what is left, in order: from what references say to the boldest sum."""

from reconciliation.engine.reading_amount import amounts
from reconciliation.engine.reading_days import habits
from reconciliation.engine.reading_named import corrections, differences, named_sums
from reconciliation.engine.reading_netted import netted
from reconciliation.engine.reading_sum import lumps, merged, split

READINGS = (named_sums, habits, amounts, lumps, merged, split, netted, differences, corrections)
