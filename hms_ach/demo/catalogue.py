"""What the demo hospital sells, to whom, and where. Every name is invented."""

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True)
class Site:
    """A facility of the demo network, with the size of its business on a weekday."""

    entity: str
    code: str
    name: str
    address: str
    timezone: str
    registers: tuple[str, ...]
    receipts_a_day: int
    insurer_invoices_a_day: int
    cutoff: time = time(4, 0)


ENTITIES = {"NHN": "Northfield Health Network", "HCH": "Harbor Children's Hospital"}

SITES = (
    Site(
        "NHN",
        "NORTH",
        "Northfield General",
        "1200 Meadow Avenue\nNorthfield, NY 10999",
        "America/New_York",
        ("Main lobby", "Emergency"),
        8,
        2,
    ),
    Site(
        "NHN",
        "LAKE",
        "Lakeside Clinic",
        "48 Shore Road\nLakeside, NY 10998",
        "America/New_York",
        ("Front desk",),
        4,
        1,
    ),
    Site(
        "HCH",
        "HARB",
        "Harbor Children's",
        "7 Quay Street\nHarbor City, IL 60699",
        "America/Chicago",
        ("Welcome desk",),
        4,
        1,
    ),
)

DEPARTMENTS = {
    "ED": "Emergency department",
    "IMG": "Imaging",
    "LAB": "Laboratory",
    "OPC": "Outpatient clinic",
    "PT": "Physical therapy",
    "PHA": "Pharmacy",
}


@dataclass(frozen=True)
class Item:
    """A billable service: its code, UB-04 revenue code, department and list price in cents."""

    code: str
    name: str
    revenue_code: str
    department: str
    price_minor: int


SERVICES = (
    Item("V0101", "Office visit, established patient", "0510", "OPC", 145_00),
    Item("V0102", "Office visit, new patient", "0510", "OPC", 210_00),
    Item("V0103", "Consultation, extended", "0510", "OPC", 320_00),
    Item("C0001", "Visit copayment", "0510", "OPC", 30_00),
    Item("C0002", "Specialist copayment", "0510", "OPC", 50_00),
    Item("C0003", "Emergency copayment", "0450", "ED", 100_00),
    Item("E0201", "Emergency visit, level 2", "0450", "ED", 480_00),
    Item("E0203", "Emergency visit, level 3", "0450", "ED", 890_00),
    Item("E0204", "Emergency visit, level 4", "0450", "ED", 1_460_00),
    Item("L0301", "Complete blood count", "0305", "LAB", 42_00),
    Item("L0302", "Metabolic panel", "0301", "LAB", 68_00),
    Item("L0303", "Lipid panel", "0301", "LAB", 55_00),
    Item("L0304", "Urinalysis", "0307", "LAB", 24_50),
    Item("I0401", "Chest X-ray, two views", "0324", "IMG", 190_00),
    Item("I0402", "Ultrasound, abdomen", "0402", "IMG", 410_00),
    Item("I0403", "CT scan, head", "0351", "IMG", 1_180_00),
    Item("I0404", "MRI, knee", "0611", "IMG", 1_640_00),
    Item("T0501", "Physical therapy, 30 minutes", "0420", "PT", 88_75),
    Item("T0502", "Physical therapy evaluation", "0424", "PT", 165_00),
    Item("P0601", "Vaccine administration", "0771", "PHA", 38_00),
    Item("P0602", "Infusion, first hour", "0260", "PHA", 365_00),
)

COPAYS = ("C0001", "C0002", "C0003")


@dataclass(frozen=True)
class PayerCard:
    """A payer of the demo network."""

    code: str
    name: str
    payer_class: str


PAYERS = (
    PayerCard("BLUEPINE", "Blue Pine Mutual", "COMMERCIAL"),
    PayerCard("SUMMIT", "Summit Health Plans", "COMMERCIAL"),
    PayerCard("EVERWELL", "Everwell Advantage", "MEDICARE"),
    PayerCard("FEDCARE", "Federal Senior Care", "MEDICARE"),
    PayerCard("STATEAID", "State Family Aid", "MEDICAID"),
    PayerCard("ORCHARD", "Orchard Works Employer Fund", "EMPLOYER"),
)

GIVEN = """
    Adela Bruno Celia Dorian Elma Farid Greta Hollis Imre Junia Kaspar Lorena Milo Nadia Orrin Petra
    Quill Rosalind Stellan Tamsin Ulric Vesna Wendell Xenia Yorick Zelda Alaric Briony Cosmo
    Delphine Emeric Flora
""".split()
FAMILY = """
    Ashgrove Birchley Calloway Dunmore Eastlake Fairwood Greyling Hawthorn Ironside Juniper Kestrel
    Larkspur Marlowe Nettleship Oakhurst Pemberly Quickwater Ravenhill Silverton Thornbury Underhill
    Valemont Westbrook Yarrow Zephyrine Amberley Brackenridge Cresswell Dovecote Elderfield Foxglove
    Gillespard
""".split()
STREETS = ("Elm Street", "Mill Lane", "Harvest Road", "Canal Walk", "Juniper Court", "Old Post Road")
TOWNS = (("Northfield", "NY", "10999"), ("Lakeside", "NY", "10998"), ("Harbor City", "IL", "60699"))


@dataclass(frozen=True)
class Person:
    """A member of staff: sign-in name, name, roles and facilities."""

    username: str
    name: str
    roles: tuple[str, ...]
    facilities: tuple[str, ...]


ALL = ("NORTH", "LAKE", "HARB")
# With which cashiers and head cashiers of the demo agree at one another's screens.
DEMO_PIN = "307194"
STAFF = (
    Person("admin.ivy", "Ivy Marsh", ("ADMINISTRATOR",), ALL),
    Person("controller.gil", "Gil Okafor", ("CONTROLLER",), ALL),
    Person("approver.finn", "Finn Laurent", ("FINANCE_APPROVER",), ALL),
    Person("reviewer.eve", "Eve Sandoval", ("FINANCE_REVIEWER",), ALL),
    Person("auditor.hana", "Hana Mori", ("AUDITOR",), ALL),
    Person("billing.dan", "Dan Whitlock", ("BILLING_CLERK",), ALL),
    Person("headcashier.cora", "Cora Benedetti", ("HEAD_CASHIER",), ALL),
    Person("headcashier.noa", "Noa Brandt", ("HEAD_CASHIER",), ALL),
    Person("cashier.ana", "Ana Ferreira", ("CASHIER",), ("NORTH",)),
    Person("cashier.ben", "Ben Adeyemi", ("CASHIER",), ("NORTH",)),
    Person("cashier.lou", "Lou Petrov", ("CASHIER",), ("LAKE",)),
    Person("cashier.mae", "Mae Lindqvist", ("CASHIER",), ("HARB",)),
)
