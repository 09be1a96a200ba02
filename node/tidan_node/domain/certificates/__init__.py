"""Certificates of people on other platforms: paths, revocation, and whom they name."""
