"""`bin/run`: the whole hub on one machine, in the foreground."""

import argparse
import os
import sys
from pathlib import Path

from hms_ach.supervisor.hub import Hub
from hms_ach.supervisor.process import CannotStart


def main() -> int:
    asked = _arguments()
    try:
        Hub(data=Path(asked.data).resolve(), bind=asked.bind, port=asked.port).run()
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/run",
        description="Start PostgreSQL, Redis, web, worker and beat under one supervisor, until Ctrl-C.",
        epilog="With DATABASE_URL and REDIS_URL set, nothing embedded is started. docs/operations.md lists"
        " every setting.",
    )
    parser.add_argument("--port", type=int, default=8000, help="port of the web server (8000)")
    parser.add_argument("--bind", default="127.0.0.1", help="address of the web server (127.0.0.1)")
    data = os.environ.get("HMS_ACH_DATA", "var")
    parser.add_argument("--data", default=data, help="directory of all data (HMS_ACH_DATA, or var)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
