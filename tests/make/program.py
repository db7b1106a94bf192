"""A program that speaks with the site over real HTTP, as an integration engine does."""

import base64
import json
from dataclasses import dataclass
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the headers and the very bytes."""

    status: int
    headers: dict[str, str]
    content: bytes

    def json(self) -> dict:
        return json.loads(self.content)


class Program:
    """A client of the API with a token got by its client id and secret."""

    def __init__(self, site: str, client_id: str, secret: str = "secret") -> None:
        self.site = site
        credentials = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        form = urlencode({"grant_type": "client_credentials"}).encode()
        answer = self.send(
            "POST",
            "/oauth/token/",
            form,
            {"Authorization": f"Basic {credentials}", "Content-Type": "application/x-www-form-urlencoded"},
        )
        assert answer.status == 200, answer.content
        self.bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        """One exchange; an answer of 400 and above is an answer too."""
        asked = Request(self.site + path, data=body, method=method, headers=headers)
        try:
            with urlopen(asked, timeout=60) as said:
                return Answer(said.status, dict(said.headers), said.read())
        except HTTPError as refused:
            with refused:
                return Answer(refused.code, dict(refused.headers), refused.read())

    def get(self, path: str, accept: str = "application/json") -> Answer:
        return self.send("GET", path, None, self.bearer | {"Accept": accept})

    def post(self, path: str, body: dict | bytes, *, key: str = "") -> Answer:
        """JSON; bytes are sent as they are."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = self.bearer | {"Content-Type": "application/json"}
        return self.send("POST", path, content, headers | ({"Idempotency-Key": key} if key else {}))

    def put(self, path: str, content: bytes, media_type: str = "application/xml") -> Answer:
        return self.send("PUT", path, content, self.bearer | {"Content-Type": media_type})


def money(amount: str, currency: str = "USD") -> dict[str, str]:
    return {"amount": amount, "currency": currency}
