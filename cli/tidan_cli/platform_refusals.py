"""A refused sign-in in the words of the command line: the option at fault, and what to do."""

from __future__ import annotations

from typing import Final

from tidan_cli.failures import Answered

SIGNED_HERE: Final = ("--party", "--certificate", "--key")
"""What a token is made of here; one that was made elsewhere stands in place of these."""

_OPTIONS: Final = {
    "platform": "--platform",
    "certificate": "--certificate",
    "crls": "--crl",
    "token": "--certificate",
}
_BY_RULE: Final[dict[str, tuple[str, str]]] = {
    "audience": (
        "--party",
        "give the party whose node this is, tidan:CHAIN:PARTY: ask whoever runs it, since a node"
        " that were to say so itself could have you sign in elsewhere",
    ),
    "recognition": ("--platform", "`tidan platform list` at any node shows what is recognised"),
    "roles": ("--platform", "`tidan platform list` at any node shows for whom it is recognised"),
    "organisation": (
        "--certificate",
        "`tidan platform subject` shows its organisation, which is to be an identifier of the party"
        " (`tidan party show`)",
    ),
    "time": ("--certificate", "compare the clock of whoever made the token, and do it anew"),
    "crl-missing": ("--crl", "give --crl once for each issuer, also the recognised authority's"),
}


def at_option(refusal: Answered, *, made_here: bool) -> Answered:
    """The node names members of a request that the command has made: whoever typed it is told the
    option, and what to do."""
    named = refusal.document()
    rule, field = str(named.get("rule", "")), str(named.get("field", ""))
    option, step = _OPTIONS.get(field), refusal.next_step
    if refusal.answered == "not-in-directory":
        option, step = "--certificate", "an administrator of the party runs `tidan user add`"
    elif rule in _BY_RULE:
        option, step = _BY_RULE[rule]
    if not made_here and option in SIGNED_HERE:
        option = "--token"
    if option is None:
        return refusal
    told = Answered(named | {"field": option}, page=refusal.page)
    told.next_step = step
    return told
