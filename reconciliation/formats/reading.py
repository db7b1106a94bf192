"""What is found while reading, and the deviations that an account's profile may allow."""

from dataclasses import dataclass, field

from hms_ach.refusal import Finding, keep_finding

# Deviations that banks really send. Each stands on an account's profile by this name, or the file is refused.
SWITCHES = {
    "bai2_counts_wrong": "BAI2: the record counts of the trailers are not right",
    "bai2_totals_blank": "BAI2: trailers leave their control total out",
    "bai2_totals_of_entries": "BAI2: control totals add up the transactions only, without the summaries",
    "bai2_totals_wrong": "BAI2: control totals do not add up at all",
    "bai2_trailers_missing": "BAI2: trailers (49, 98, 99) are missing",
    "camt_days_missing": "camt: booked entries without a booking or value date, taken at its last day",
    "mt940_days_of_30": "MT940: months of thirty days, such as 30 February, taken as the month's last day",
    "mt940_headers_missing": "MT940: statements without a reference (:20:), account (:25:) or number (:28C:)",
    "mt940_balances_missing": "MT940: statements without an opening or closing balance",
    "ofx_amounts_grouped": "OFX: amounts with marks between thousands, such as 1,250.50",
    "ofx_fitid_missing": "OFX: transactions without a FITID",
}


@dataclass(slots=True)
class Reading:
    """What was found while reading, in file order; at most 500 findings are kept.

    standard  what `rule` is a section of; the reader names it as soon as it knows
    part      the file within an archive that is being read; findings name it before their field
    """

    standard: str = ""
    part: str = ""
    findings: list[Finding] = field(default_factory=list)
    finding_count: int = 0

    def found(
        self, line: int, name: str, value: str, problem: str, *, rule: str, is_fatal: bool, switch: str = ""
    ) -> None:
        """Note one finding. A `switch` names the deviation that a profile may allow."""
        assert not switch or switch in SWITCHES
        self.finding_count += 1
        rule = f"{self.standard} {rule}".strip()
        name = f"{self.part}: {name}" if self.part else name
        keep_finding(self.findings, Finding(line, name, value[:60], rule, problem, is_fatal, switch))

    def bad(self, line: int, name: str, value: str, problem: str, *, rule: str, switch: str = "") -> None:
        self.found(line, name, value, problem, rule=rule, is_fatal=True, switch=switch)

    def warn(self, line: int, name: str, value: str, problem: str, *, rule: str) -> None:
        self.found(line, name, value, problem, rule=rule, is_fatal=False)

    @property
    def is_refused(self) -> bool:
        return any(finding.is_fatal for finding in self.findings)
