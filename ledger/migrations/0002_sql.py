"""What guards the book: balanced and whole entries, open periods, two people, rows written once."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import append_only, run_sql_file

SQL = Path(__file__).parent / "sql"

# Files in sql/, each named after the file in models/ whose tables it guards; kept is what entries and postings point at.
GUARDS = (
    "account", "affiliate", "checklist", "close", "delivery", "entry", "export_profile", "gl_batch",
    "journal", "kept", "mapping", "period", "snapshot", "statistic", "year_close",
)

# Tables whose rows are never changed or deleted.
APPEND_ONLY = (
    "entry", "posting", "exchangerate", "historicalaccount", "glbatch", "glbatchentry", "glbatchline",
    "glbatchfile", "fiscalcalendar", "glbatchchunk", "glbatchstep", "historicalglaccount",
    "historicalglsetting", "mappingnote", "mappingstep", "mappingversion", "journalline", "journalfile",
    "journaltemplateline", "journallimit", "scheduledreversal", "revaluation", "tieout",
    "tieoutsignature", "yearclose", "snapshot", "snapshotline", "balancecheck", "balancedrift",
    "exportprofile", "exportprofileapproval", "mappingruleremoval", "clearinglimit", "clearingalarm",
    "clearingnote", "deliveryprofileapproval", "glbatchdeliverytry", "journallimitapproval",
    "statisticaccount", "statisticentry", "checklistproposal", "checklistdecision", "tieoutdocument",
)

# A database that has all of these has this one.
REPLACED = (
    "0032_tables_of_columns",
)


class Migration(migrations.Migration):
    replaces = [("ledger", name) for name in REPLACED]

    dependencies = [
        ("ledger", "0001_tables"),
    ]

    operations = [
        *(run_sql_file(SQL / f"{noun}.sql") for noun in GUARDS),
        *(append_only(f"ledger_{table}") for table in APPEND_ONLY),
    ]
