"""One node over HTTP: what it answers, or the Problem that it names."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from httpx_sse import ServerSentEvent, SSEError, connect_sse

from tidan_cli.failures import (
    Answered,
    AwaitsApproval,
    Interrupted,
    NodeUnreachable,
    NotANode,
    UsageProblem,
)
from tidan_cli.node_choice import NodeAccess, chosen_node
from tidan_node.public_roots import roots_for

Document = dict[str, Any]  # Any: JSON of the node, whose shape its OpenAPI document fixes

_CONNECT = 5.0
_PATIENCE = httpx.Timeout(30, connect=_CONNECT)
_LARGEST_PAGE = 200
_UNKNOWN_KEY = 401


class NodeClient:
    """Asks one node; every refusal is raised as the node worded it."""

    def __init__(self, access: NodeAccess, *, transport: httpx.BaseTransport | None = None) -> None:
        headers = {"Accept": "application/json"}
        if access.api_key is not None:
            headers["Authorization"] = f"Bearer {access.api_key}"
        self.url = access.url.rstrip("/")
        self._home = access.home
        self.awaiting: Callable[[Document], Document] = _nobody_waits
        """What to do with an act that the node keeps until others have approved it."""
        self.doubted: Callable[[Mapping[str, str]], None] = lambda _: None
        """What to do with a doubt about an act that is kept."""
        self._http = httpx.Client(
            base_url=_web_url(self.url),
            headers=headers,
            timeout=_PATIENCE,
            transport=transport,
            trust_env=False,
            verify=roots_for(self.url),
        )

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, **query: object) -> Document:
        """One JSON object; a query of None is left out."""
        return self._object(self._send("GET", path, params=_present(query)))

    def content(self, path: str) -> bytes:
        """A file that the node keeps, as it is."""
        return self._send("GET", path, headers={"Accept": "*/*"}).content

    def unready(self, name: str) -> str | None:
        """What is wrong by the node's own check of this name; None where it is well."""
        try:
            checks = {each["name"]: each for each in self.readiness()["checks"]}
            return None if checks[name]["ok"] else str(checks[name]["detail"])
        except (KeyError, TypeError) as error:
            raise NotANode(f"{self.url} does not say how it is", field="--node") from error

    def readiness(self) -> Document:
        """What the node says of itself, whether or not it is ready."""
        try:
            answer = self._http.get("/health/ready").json()
        except httpx.HTTPError as error:
            raise NodeUnreachable(f"{self.url}: {error}", field="--node") from error
        except ValueError as error:
            raise NotANode(f"{self.url} does not say how it is", field="--node") from error
        if not (isinstance(answer, dict) and "ready" in answer and "checks" in answer):
            raise NotANode(f"{self.url} does not say how it is", field="--node")
        return answer

    def listed(self, path: str, *, limit: int | None = None, **query: object) -> Document:
        """The items of all pages, up to the limit, and the block of the last page."""
        items: list[Document] = []
        as_of, cursor = None, None
        while True:
            wanted = _LARGEST_PAGE if limit is None else min(_LARGEST_PAGE, limit - len(items))
            page = self.get(path, limit=wanted, cursor=cursor, **query)
            items += page["items"]
            as_of, cursor = page.get("asOf"), page.get("nextCursor")
            if cursor is None or (limit is not None and len(items) >= limit):
                return {"items": items, "asOf": as_of, "more": cursor is not None}

    def ask(self, path: str, body: object) -> Document:
        """A question that needs a body: it changes nothing, and may be repeated as it is."""
        headers = {"Content-Type": "application/json"}
        content = json.dumps(body).encode()
        return self._object(self._send("POST", path, content=content, headers=headers))

    def post(self, path: str, body: object, *, idempotency_key: str | None = None) -> Document:
        """A request that changes something, under a key that makes it safe to repeat."""
        return self.post_raw(path, json.dumps(body).encode(), idempotency_key=idempotency_key)

    def post_raw(
        self,
        path: str,
        body: bytes,
        *,
        media_type: str = "application/json",
        idempotency_key: str | None = None,
    ) -> Document:
        """As `post`, with the body's bytes as they are."""
        headers = {
            "Content-Type": media_type,
            "Idempotency-Key": idempotency_key or str(uuid.uuid4()),
        }
        try:
            answer = self._object(self._send("POST", path, content=body, headers=headers))
        except NodeUnreachable as unreachable:
            key = headers["Idempotency-Key"]
            raise NodeUnreachable(
                f"{unreachable.detail}; whether or not it took the request, it is safe to repeat"
                f" the command with --idempotency-key {key}",
                field=unreachable.field,
                idempotencyKey=key,
            ) from unreachable
        except KeyboardInterrupt as interrupt:
            key = headers["Idempotency-Key"]
            raise Interrupted(
                "interrupted before the node had answered; whether it took the request is unknown:"
                f" it is safe to repeat the command with --idempotency-key {key}",
                idempotencyKey=key,
            ) from interrupt
        if "approval" not in answer:
            return answer
        for warning in answer.get("warnings", []):
            self.doubted(warning)
        return self.awaiting(answer["approval"])

    def delete(self, path: str) -> None:
        """Something is to be there no more."""
        self._send("DELETE", path)

    @contextmanager
    def streamed(
        self, path: str, *, last: str | None, patience: float, **query: object
    ) -> Iterator[Iterator[ServerSentEvent]]:
        """The messages of a stream, from behind the last one that is known; whatever breaks it,
        or a silence longer than the patience, is NodeUnreachable."""
        headers = {} if last is None else {"Last-Event-ID": last}
        wait = httpx.Timeout(patience, connect=_CONNECT)
        asked = {name: value for name, value in query.items() if value is not None}
        try:
            with connect_sse(
                self._http, "GET", path, params=asked, headers=headers, timeout=wait
            ) as source:
                if not source.response.is_success:
                    source.response.read()
                    raise self._refusal(source.response)
                yield source.iter_sse()
        except SSEError as error:
            raise NotANode(f"{self.url} did not answer with a stream", field="--node") from error
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise NodeUnreachable(f"{self.url}: {reason}", field="--node") from error

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:  # Any: httpx's own
        try:
            response = self._http.request(method, path, **options)
        except httpx.ConnectError as error:
            hint = "is the node running? `tidan node serve` starts it"
            raise NodeUnreachable(f"{self.url}: {error}; {hint}", field="--node") from error
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise NodeUnreachable(f"{self.url}: {reason}", field="--node") from error
        if response.is_success:
            return response
        raise self._refusal(response)

    def _refusal(self, response: httpx.Response) -> Answered | NotANode:
        try:
            document = response.json()
        except ValueError:
            document = None
        if not isinstance(document, dict) or "type" not in document:
            return NotANode(
                f"{self.url} answered {response.status_code} without saying why", field="--node"
            )
        page = str(document["type"])
        refusal = Answered(document, page=self.url + page if page.startswith("/") else page)
        if response.status_code == _UNKNOWN_KEY and self._home is not None:
            refusal.next_step = (
                f"another node may be answering at {self.url}: is the node of {self._home} running?"
            )
        return refusal

    def _object(self, response: httpx.Response) -> Document:
        try:
            document = response.json()
        except ValueError as error:
            raise NotANode(f"{self.url} did not answer in JSON", field="--node") from error
        if not isinstance(document, dict):
            raise NotANode(f"{self.url} did not answer with a JSON object", field="--node")
        return document

    def refused(self, problem: Mapping[str, object]) -> Answered:
        """A problem that an answer carries inside, as that of an operation which failed."""
        return Answered(problem, page=f"{self.url}{problem.get('type', '')}")


@contextmanager
def connected(url: str | None, home: Path | None) -> Iterator[NodeClient]:
    """The node that the options and the environment choose."""
    client = NodeClient(chosen_node(url, home))
    try:
        yield client
    finally:
        client.close()


def _nobody_waits(approval: Document) -> Document:
    raise AwaitsApproval(approval)


def _web_url(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError) as error:
        raise UsageProblem(f"{text!r} is no URL: {error}", field="--node") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise UsageProblem(f"{text!r} is no http:// or https:// URL", field="--node")
    return url


def _present(query: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in query.items() if value is not None}
