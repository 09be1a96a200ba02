"""Whom clients trust."""

import ssl

import pytest

from tidan_node.public_roots import public_roots, roots_for


@pytest.mark.parametrize("url", ["https://chain.example", "HTTPS://chain.example"])
def test_a_client_of_https_trusts_the_public_roots(url: str) -> None:
    roots = roots_for(url)
    assert roots is public_roots()
    assert roots.get_ca_certs()
    assert (roots.verify_mode, roots.check_hostname) == (ssl.CERT_REQUIRED, True)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8545", "", "//[", "ws://https"])
def test_a_client_of_anything_else_believes_no_certificate(url: str) -> None:
    roots = roots_for(url)
    assert not roots.get_ca_certs()
    assert (roots.verify_mode, roots.check_hostname) == (ssl.CERT_REQUIRED, True)
