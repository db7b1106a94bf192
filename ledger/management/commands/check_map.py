"""`manage.py check_map ENTITY [FILE]`: whether a map would be approved, for people and pipelines."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hms_ach import clock
from hms_ach.access.models import LegalEntity
from hms_ach.refusal import Refusal
from ledger.formats.mapping import read_rules
from ledger.queries.mapping import MappingCheck, check_mapping, check_rules, mapping_in_force
from ledger.rules.mapping import Rule


class Command(BaseCommand):
    help = (
        "Run the validator over a map's file (CSV or XLSX), or over the map in force, against the entity's "
        "categories and the general ledger's chart; change nothing. Ends with 1 when it would be refused."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("entity", help="the legal entity's code")
        parser.add_argument("file", type=Path, nargs="?", help="the rules; the map in force when omitted")
        parser.add_argument(
            "--since", type=date.fromisoformat, help="the first day it counts for; else today"
        )
        parser.add_argument("--segments", default="Account", help="the parts of the code, with commas")
        parser.add_argument("--account", default="Account", help="which of them is the account")
        parser.add_argument("--strict", action="store_true", help="no two categories may lead to one code")

    def handle(self, *args: Any, **options: Any) -> None:
        entity = LegalEntity.objects.filter(code=options["entity"]).first()
        if entity is None:
            raise CommandError(f"There is no legal entity {options['entity']}.")
        since = options["since"] or clock.today("UTC")
        check = self._of_file(entity, since, options) if options["file"] else _in_force(entity, since)
        for problem in check.problems:
            self.stdout.write(f"{problem.kind:9}  {problem.sentence}")
        count = f"{check.n_rules} rules for {check.n_categories} categories"
        self.stdout.write(f"{count}: {len(check.problems) or 'no'} problem{'s' * (len(check.problems) != 1)}")
        if check.problems:
            raise SystemExit(1)

    def _of_file(self, entity: LegalEntity, since: date, options: dict[str, Any]) -> MappingCheck:
        names = [name.strip() for name in options["segments"].split(",")]
        if options["account"] not in names:
            raise CommandError(f"{options['account']} is not one of the parts {', '.join(names)}.")
        return check_rules(
            _read(options["file"], names, since),
            legal_entity=entity,
            since=since,
            account_index=names.index(options["account"]),
            is_strict=options["strict"],
        )


def _in_force(entity: LegalEntity, since: date) -> MappingCheck:
    version = mapping_in_force(legal_entity=entity, on=since)
    if version is None:
        raise CommandError(f"{entity.code} has no approved map on {since}.")
    return check_mapping(version, since=since)


def _read(path: Path, names: Sequence[str], since: date) -> list[Rule]:
    try:
        rows = read_rules(path.read_bytes(), segment_names=names, since=since)
    except (OSError, Refusal) as wrong:
        raise CommandError(str(wrong)) from None
    return [
        Rule(
            id=row.line,
            category=row.category,
            facility=row.facility,
            payer_class=row.payer_class,
            tender=row.tender,
            segments=row.segments,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )
        for row in rows
    ]
