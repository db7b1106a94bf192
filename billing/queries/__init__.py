"""Questions about the bill; never writes.

people    find_people
due       due_list
"""

from billing.queries.due import DueItem, due_list
from billing.queries.people import PatientFound, find_people

__all__ = ["DueItem", "PatientFound", "due_list", "find_people"]
