#!/usr/bin/env python
"""Django's command line for HMS-ACH."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hms_ach.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as missing:
        sys.exit(f"{missing}. docs/operations.md lists every setting.")


if __name__ == "__main__":
    main()
