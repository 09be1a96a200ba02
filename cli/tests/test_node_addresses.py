"""`tidan node init`: where its own people find a node, and where other nodes do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.test_node_home import arguments
from tidan_cli.node_home import NewNode
from tidan_node.domain.parties import Role
from tidan_node.ledger.manifest import Manifest


class TestAddresses:
    @pytest.mark.parametrize(
        ("host", "url"),
        [
            ("0.0.0.0", "http://127.0.0.1:9321"),  # noqa: S104  nothing is bound here
            ("::", "http://[::1]:9321"),
            ("10.0.0.7", "http://10.0.0.7:9321"),
        ],
    )
    def test_the_command_line_finds_a_node_that_listens_everywhere(
        self, manifest: Path, host: str, url: str
    ) -> None:
        new = NewNode(
            name="Party",
            identifiers=(),
            roles=Role.TRADER,
            codes=(),
            manifest=Manifest.from_json(manifest.read_bytes()),
            chain_url="http://127.0.0.1:8545",
            host=host,
            port=9321,
            exchange_host=None,
            exchange_port=None,
            public_url=None,
            database_url=None,
        )

        assert new.local_url == url
        assert new.node_url == url.replace("http:", "https:").replace("9321", "10321")

    @pytest.mark.parametrize(
        ("option", "value", "field"),
        [
            ("--public-url", "http://node.example", "--public-url"),
            ("--public-url", "https:///v1", "--public-url"),
            ("--public-url", "https://[node", "--public-url"),
            ("--public-url", "https://a b", "--public-url"),
            ("--exchange-port", "9321", "--exchange-port"),
        ],
    )
    def test_an_address_that_no_node_could_come_to_is_refused(
        self,
        tidan: Any,
        manifest: Path,
        tmp_path: Path,
        *,
        option: str,
        value: str,
        field: str,
    ) -> None:
        ended = tidan(*arguments(tmp_path / "home", manifest), option, value, "--json")

        assert (ended.code, ended.problem["field"]) == (2, field), ended.err
        assert list(tmp_path.iterdir()) == []
