"""`manage.py terminal_simulator --port N`: a card terminal on loopback, for demonstrations and tests.

Where SMS_URL leads to loopback, the gateway for text messages is served beside it.
"""

from threading import Thread
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cashiering.gateways.terminal_simulator import SimulatorServer
from cashiering.gateways.text_simulator import TextGateway


class Command(BaseCommand):
    help = "Serve a simulated card terminal on loopback until interrupted."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--port", type=int, default=settings.TERMINAL_SIMULATOR_PORT)

    def handle(self, *args, port: int, **options) -> None:
        if not settings.IS_DEMO and not settings.DEBUG:
            raise CommandError("The simulated terminal runs only in a demonstration (HMS_ACH_DEMO=1).")
        texts = urlsplit(settings.SMS_URL)
        if texts.hostname == "127.0.0.1" and texts.port:
            gateway = TextGateway(texts.port, say=self.stdout.write)
            Thread(target=gateway.serve_forever, daemon=True).start()
        with SimulatorServer(port) as server:
            self.stdout.write(f"Simulated terminal on 127.0.0.1:{server.server_address[1]}")
            server.serve_forever()
