"""Printing: a template becomes a PDF that draws on our own static files and nothing else."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from hms_ach import clock

# Addresses in the template are read below this one; it is never connected to.
_BASE = "http://static.invalid"
_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".png": "image/png"}


class StaticFilesOnly(URLFetcher):
    """Opens files below STATIC_URL, and drawings that stand in the address itself (a QR code).

    Any other address, whoever wrote it, stops the printing.
    """

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if url.startswith("data:image/svg+xml"):
            return super().fetch(url, headers)
        path = unquote(urlsplit(url).path)
        if not url.startswith(_BASE + settings.STATIC_URL) or ".." in path:
            raise FatalURLFetchingError(f"{url[:80]} is no static file")
        name = path.removeprefix(settings.STATIC_URL)
        media_type = _TYPES[name[name.rindex(".") :]]
        found = finders.find(name)
        if found:
            with open(found, "rb") as file:
                content = file.read()
        else:
            with staticfiles_storage.open(name) as file:
                content = file.read()
        return URLFetcherResponse(url, content, {"Content-Type": media_type})


def pdf_of(template: str, context: dict[str, Any], *, variant: str = "pdf/ua-1") -> bytes:
    """Print a template. Tagged for screen readers (PDF/UA) unless another variant is asked for.

    The template's `static` addresses are looked up among our own files; nothing is read from the net.
    """
    html = render_to_string(template, {"printed_at": clock.now(), **context})
    document = HTML(string=html, base_url=_BASE, url_fetcher=StaticFilesOnly())
    return document.write_pdf(pdf_variant=variant)
