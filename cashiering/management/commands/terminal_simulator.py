"""`manage.py terminal_simulator --port N`: a card terminal on loopback, for demonstrations and tests."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cashiering.gateways.terminal_simulator import SimulatorServer


class Command(BaseCommand):
    help = "Serve a simulated card terminal on loopback until interrupted."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--port", type=int, default=settings.TERMINAL_SIMULATOR_PORT)

    def handle(self, *args, port: int, **options) -> None:
        if not settings.IS_DEMO and not settings.DEBUG:
            raise CommandError("The simulated terminal runs only in a demonstration (HMS_ACH_DEMO=1).")
        with SimulatorServer(port) as server:
            self.stdout.write(f"Simulated terminal on 127.0.0.1:{server.server_address[1]}")
            server.serve_forever()
