"""`tidan user login|logout` against a node that answers as it is told, and a browser that comes
back."""

from __future__ import annotations

import json
import stat
import threading
import webbrowser
from pathlib import Path
from typing import Any

import httpx
import pytest

BEGUN = {
    "authorizationUrl": "https://id.example/auth?state=state-1",
    "state": "state-1",
    "secret": "secret-1",
    "expiresAt": "2099-01-01T00:00:00Z",
}
SESSION = {
    "token": "tidans_aaaa_bbbb",
    "id": "aaaa",
    "user": {"id": "5b0c9a521c6f4e0a", "name": "Ann"},
    "via": "oidc",
    "scopes": ["records:read"],
    "expiresAt": "2099-01-01T00:00:00Z",
}


class Browser:
    """Goes where it is sent, and comes back with what it is told."""

    def __init__(self, node: Any) -> None:
        self.node = node
        self.carried = [{"state": "state-1", "code": "code-1", "iss": "https://id.example"}]
        self.opened: list[str] = []
        self.seen: list[httpx.Response] = []
        self._running: threading.Thread | None = None

    def open(self, url: str) -> bool:
        self.opened.append(url)
        (begun,) = self.node.taken("POST", "/v1/sign-ins")
        place = begun.json["redirectUri"]
        self._running = threading.Thread(target=self._come_back, args=(place,))
        self._running.start()
        return True

    def _come_back(self, place: str) -> None:
        for carried in self.carried:
            self.seen.append(httpx.get(place, params=carried, trust_env=False))

    def closed(self) -> None:
        if self._running is not None:
            self._running.join()


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    return tmp_path / "settings" / "tidan" / "sessions.json"


@pytest.fixture
def browser(node: Any, kept: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.delenv("TIDAN_API_KEY")
    node.answer("POST", "/v1/sign-ins", BEGUN, status=201)
    node.answer("POST", "/v1/sessions", SESSION, status=201)
    node.answer("GET", "/v1/titles", {"items": [], "asOf": None, "nextCursor": None})
    browser = Browser(node)
    monkeypatch.setattr(webbrowser, "open", browser.open)
    yield browser
    browser.closed()


class TestLogin:
    def test_the_session_is_kept_for_its_user_alone_and_used_from_then_on(
        self, node: Any, tidan: Any, browser: Browser, kept: Path
    ) -> None:
        ended = tidan("user", "login", "--open", "--json")

        assert ended.code == 0, ended.err
        assert ended.answer["user"]["name"] == "Ann"
        assert browser.opened == [BEGUN["authorizationUrl"]]
        assert BEGUN["authorizationUrl"] in ended.err
        (sent,) = node.taken("POST", "/v1/sessions")
        assert sent.json == {
            "state": "state-1",
            "code": "code-1",
            "iss": "https://id.example",
            "secret": "secret-1",
        }
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert SESSION["token"] not in ended.out + ended.err

        tidan("title", "list")

        (asked,) = node.taken("GET", "/v1/titles?limit=50")
        assert asked.headers["Authorization"] == f"Bearer {SESSION['token']}"

    @pytest.mark.parametrize(
        "url",
        [
            "file:///etc/passwd",
            "--new-window",
            "http://id.example/",
            "https://id.example/\x1b[2J",
            7,
        ],
    )
    def test_no_node_makes_the_browser_open_anything_else(
        self, node: Any, tidan: Any, browser: Browser, url: object
    ) -> None:
        node.answer("POST", "/v1/sign-ins", BEGUN | {"authorizationUrl": url}, status=201)

        ended = tidan("user", "login", "--open")

        assert (ended.code, browser.opened) == (1, [])
        assert "sign in here" not in ended.err

    def test_the_environments_key_goes_before_it(
        self, node: Any, tidan: Any, browser: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tidan("user", "login", "--open")
        monkeypatch.setenv("TIDAN_API_KEY", "tidan_own_key")
        tidan("title", "list")
        (asked,) = node.taken("GET", "/v1/titles?limit=50")
        assert asked.headers["Authorization"] == "Bearer tidan_own_key"

    def test_a_session_that_has_expired_is_not_used(
        self, node: Any, tidan: Any, browser: Browser
    ) -> None:
        old = SESSION | {"expiresAt": "2020-01-01T00:00:00Z"}
        node.answer("POST", "/v1/sessions", old, status=201)
        tidan("user", "login", "--open")
        tidan("title", "list")
        (asked,) = node.taken("GET", "/v1/titles?limit=50")
        assert "Authorization" not in asked.headers

    def test_a_redirect_of_another_sign_in_is_not_taken(
        self, node: Any, tidan: Any, browser: Browser
    ) -> None:
        good = browser.carried[0]
        browser.carried = [{"state": "state-2", "code": "code-2"}, {"code": "code-3"}, good]
        ended = tidan("user", "login", "--open")
        browser.closed()
        assert ended.code == 0
        assert [answer.status_code for answer in browser.seen] == [404, 404, 200]
        assert "code-1" not in browser.seen[-1].text
        (sent,) = node.taken("POST", "/v1/sessions")
        assert sent.json["code"] == "code-1"

    def test_who_goes_away_at_the_provider_is_not_signed_in(
        self, node: Any, tidan: Any, browser: Browser, kept: Path
    ) -> None:
        browser.carried = [{"state": "state-1", "error": "access_denied"}]
        ended = tidan("user", "login", "--open")
        assert ended.code == 1
        assert "access_denied" in ended.err
        assert node.taken("POST", "/v1/sessions") == []
        assert not kept.exists()

    def test_nobody_is_waited_for_without_end(self, tidan: Any, browser: Browser) -> None:
        ended = tidan("user", "login", "--timeout", "1")
        assert ended.code == 1
        assert "nobody came back" in ended.err

    def test_a_sign_in_that_the_node_refuses_keeps_nothing(
        self, node: Any, tidan: Any, browser: Browser, kept: Path
    ) -> None:
        node.refuse("POST", "/v1/sessions", "not-in-directory", 403, detail="ask")
        ended = tidan("user", "login", "--open")
        assert ended.code == 1
        assert not kept.exists()


class TestLogout:
    def test_the_session_ends_there_and_here(
        self, node: Any, tidan: Any, browser: Browser, kept: Path
    ) -> None:
        tidan("user", "login", "--open")
        node.answer("DELETE", "/v1/sessions/current", b"", status=204)

        ended = tidan("user", "logout", "--json")

        assert ended.answer == {"signedOut": node.url, "hadEnded": False}
        (asked,) = node.taken("DELETE", "/v1/sessions/current")
        assert asked.headers["Authorization"] == f"Bearer {SESSION['token']}"
        assert json.loads(kept.read_text()) == {}
        again = tidan("user", "logout", "--json")
        assert again.problem["title"] == "Nobody is signed in to this node here"

    def test_a_session_that_had_ended_there_is_forgotten_here(
        self, node: Any, tidan: Any, browser: Browser, kept: Path
    ) -> None:
        tidan("user", "login", "--open")
        node.refuse("DELETE", "/v1/sessions/current", "not-authenticated", 401, detail="ended")

        ended = tidan("user", "logout")

        assert ended.code == 0
        assert "had ended before" in ended.out
        assert json.loads(kept.read_text()) == {}
