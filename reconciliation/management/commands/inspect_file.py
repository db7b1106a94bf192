"""`manage.py inspect_file FILE`: what a bank's file says, and everything that is wrong with it."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hms_ach.money import as_read
from hms_ach.refusal import Refusal
from reconciliation.formats.detection import Format
from reconciliation.formats.file import Opened
from reconciliation.formats.reading import SWITCHES
from reconciliation.formats.statement import Entry
from reconciliation.formats.table import TableProfile
from reconciliation.reports.inspection import InspectedStatement, Inspection, inspect

_LONGEST = 200


class Command(BaseCommand):
    help = "Read a bank's file of any supported format; store nothing. Ends with 1 when it would be refused."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the file, packed or not")
        parser.add_argument(
            "--format", choices=[str(each) for each in Format], help="instead of recognising it"
        )
        parser.add_argument("--profile", type=Path, metavar="JSON", help="a column profile for CSV and XLSX")
        parser.add_argument(
            "--allow", action="append", default=[], choices=sorted(SWITCHES), metavar="SWITCH"
        )
        parser.add_argument("--entries", type=int, default=20, help="how many of each statement to show")
        parser.add_argument("--json", action="store_true", help="one JSON document instead of text")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = Format(options["format"]) if options["format"] else None
        try:
            text = options["profile"].read_text() if options["profile"] else ""
            profile = TableProfile.from_json(json.loads(text)) if text else None
            opened = Opened(asked=asked, profile=profile, may_guess=True)
            with options["file"].open("rb") as source:
                found = inspect(source, opened, switches=options["allow"], shown_entries=options["entries"])
        except (OSError, ValueError, Refusal) as wrong:
            raise CommandError(str(wrong)) from None
        if options["json"]:
            self.stdout.write(json.dumps(as_json(found), indent=2, default=str, ensure_ascii=False))
        else:
            self._tell(found)
        if not found.is_accepted:
            raise SystemExit(1)

    def _tell(self, found: Inspection) -> None:
        self.stdout.write(f"Format      {found.format or 'not recognised'}")
        if found.guessed_profile:
            self.stdout.write(f"Profile     guessed: {_beside_defaults(found.guessed_profile)}")
        for each in found.statements:
            self._tell_statement(each)
        self.stdout.write(f"\nFindings    {found.finding_count or 'none'}")
        for finding in found.findings:
            severity = "refuse" if finding.is_fatal else "warn"
            value = f" {finding.value!r}" if finding.value else ""
            switch = f" [{finding.switch}]" if finding.switch else ""
            where = f"line {finding.line}" if finding.line else "whole file"
            self.stdout.write(
                f"  {where:<11} {severity:<6} {finding.field}{value} {finding.problem}"
                f" ({finding.rule}){switch}"
            )
        self.stdout.write("\nIt would be read." if found.is_accepted else "\nIt would be refused.")

    def _tell_statement(self, each: InspectedStatement) -> None:
        said, tell = each.statement, self.stdout.write
        pages = "" if said.page == 1 and said.is_last_page else f", page {said.page}"
        tell(f"\nAccount     {said.account_number or 'not said'} in {said.currency or 'no currency'}")
        tell(f"Statement   {said.statement_id or 'without a number'} ({said.kind.lower()}{pages})")
        tell(f"Days        {said.from_on} to {said.to_on}")
        for balance in said.balances:
            other = f" {balance.currency}" if balance.currency != said.currency else ""
            shown = as_read(balance.amount_minor, balance.currency)
            tell(f"Balance     {balance.words}: {shown}{other} on {balance.on}")
        credits, debits = (as_read(minor, said.currency) for minor in (each.credit_minor, each.debit_minor))
        tell(f"Entries     {each.entry_count}, credits {credits}, debits {debits}")
        off = said.difference_minor
        if off is not None:
            shown = as_read(off, said.currency)
            tell(f"Difference  {shown if off else 'none: opening + entries = closing'}")
        for entry in each.entries:
            self._tell_entry(entry)

    def _tell_entry(self, entry: Entry) -> None:
        amount = as_read(entry.amount_minor, entry.currency)
        marks = [entry.status_words, entry.code, "reversal" if entry.is_reversal else ""]
        if entry.value_on not in (None, entry.booked_on):
            marks.append(f"value {entry.value_on}")
        first = f"{entry.booked_on or 'no day'!s:<10} {amount:>14} {' '.join(mark for mark in marks if mark)}"
        self.stdout.write(f"  line {entry.source_line:<6} {first}")
        several = f"{len(entry.details)} transactions" if entry.details else ""
        said = {
            "bank": entry.bank_reference,
            "refs": ", ".join(text for text in entry.references if text != entry.bank_reference),
            "party": entry.counterparty,
            "text": " ".join(entry.description.split()),
            "batch": several,
        }
        for name, text in said.items():
            if text:
                self.stdout.write(
                    f"              {name:<6} {text[:_LONGEST]}{'…' if text[_LONGEST:] else ''}"
                )


def _beside_defaults(profile: dict[str, Any]) -> str:
    """A profile as JSON, as `--profile` takes it, without what a profile has by itself."""
    usual = TableProfile(columns={"booked_on": "1", "amount": "2"}).as_json()
    told = {name: value for name, value in profile.items() if value != usual[name]}
    return json.dumps(told, ensure_ascii=False)


def as_json(found: Inspection) -> dict[str, Any]:
    """The inspection as plain values; amounts in minor units with the statement's currency."""
    return {
        "format": found.format,
        "is_accepted": found.is_accepted,
        "guessed_profile": found.guessed_profile,
        "statements": [_statement(each) for each in found.statements],
        "finding_count": found.finding_count,
        "findings": [asdict(finding) for finding in found.findings],
    }


def _statement(each: InspectedStatement) -> dict[str, Any]:
    said = asdict(each.statement)
    said.pop("entries")
    return {
        **said,
        "balances": [balance._asdict() for balance in each.statement.balances],
        "difference_minor": each.statement.difference_minor,
        "entry_count": each.entry_count,
        "credit_minor": each.credit_minor,
        "debit_minor": each.debit_minor,
        "entries": [_entry(entry) for entry in each.entries],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {**entry._asdict(), "details": [asdict(detail) for detail in entry.details]}
