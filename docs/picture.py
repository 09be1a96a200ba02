"""Draws `docs/tidan.svg`: six nodes, one chain, and a title's way. `python docs/picture.py`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 1000, 560
BOX_WIDTH, BOX_HEIGHT, BOX_TOP = 134, 112, 216
GAP, MARGIN = 26, 33
CHAIN_TOP, CHAIN_HEIGHT = 420, 96
INK, QUIET, LINE, PAPER = "#1c2b36", "#5b6b77", "#9fb0bb", "#ffffff"
NODE_FILL, CHAIN_FILL, ARC, READ = "#eef5f6", "#f6f0e2", "#0b7285", "#b35c00"
SOURCE = Path(__file__)


@dataclass(frozen=True)
class Node:
    """A party's node, from left to right."""

    name: str
    does: str


NODES = (
    Node("Insurer", "issues the policy"),
    Node("Carrier", "issues, delivers"),
    Node("Shipper", "sells, invoices"),
    Node("Bank", "checks the trade"),
    Node("Buyer", "pays, takes over"),
    Node("Regulator", "audits"),
)


@dataclass(frozen=True)
class Parcel:
    """Something that travels from one node to another, sealed and signed."""

    giver: int
    taker: int
    words: str
    height: int
    taker_offset: int = 0
    giver_offset: int = 0
    words_at: float = 0.5
    """Where the words stand on the way, from its beginning (0) to its end (1)."""


PARCELS = (
    Parcel(0, 2, "1  policy", 84, taker_offset=-44, words_at=0.22),
    Parcel(1, 2, "2  e-B/L", 40, taker_offset=-18, giver_offset=20),
    Parcel(2, 3, "3  as security", 40, taker_offset=-24, giver_offset=22),
    Parcel(3, 4, "4  against payment", 40, taker_offset=-24, giver_offset=24),
)
SURRENDER, ANSWERED = 4, 1
"""Who surrenders, and who answers: acts on the chain alone, for no document travels with them."""
REGULATOR = len(NODES) - 1
CONTRACTS = ("PartyRegistry", "TitleRegistry", "InvoiceRegistry", "PolicyRegistry", "TrailAnchor")


def picture() -> str:
    """The whole picture as SVG."""
    parts = [_frame(), *(_arc(parcel) for parcel in PARCELS)]
    for place, node in enumerate(NODES):
        parts += [_node(place, node), _acts_and_events(place)]
    parts.append(_chain())
    return "\n".join([_head(), *parts, "</svg>", ""])


def _head() -> str:
    words = (
        "Six nodes send each other sealed packages; acts go to the consortium's chain, and its"
        " events come back; the regulator audits the chain itself."
    )
    arrows = "".join(
        f'<marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"'
        f' orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" fill="{colour}"/></marker>'
        for name, colour in (("parcel", ARC), ("act", QUIET), ("read", READ))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{escape(words)}" font-family="system-ui, sans-serif">\n'
        f"<title>{escape(words)}</title>\n<defs>{arrows}</defs>"
    )


def _frame() -> str:
    return (
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="14" fill="{PAPER}"/>\n'
        + _text(MARGIN, 34, "Private, in the nodes", size=15, weight=600, anchor="start")
        + "\n"
        + _text(
            MARGIN,
            54,
            "documents travel from node to node, sealed for their receiver, signed by their sender",
            size=13,
            colour=QUIET,
            anchor="start",
        )
    )


def _arc(parcel: Parcel) -> str:
    """A parcel's way above the nodes, with its words on top."""
    start, end = _middle(parcel.giver) + parcel.giver_offset, _middle(parcel.taker)
    end += parcel.taker_offset
    top, low = BOX_TOP - parcel.height, BOX_TOP - 4
    bend = 26 if end > start else -26
    path = (
        f"M{start} {low} C{start} {top} {start} {top} {start + bend} {top}"
        f" L{end - bend} {top} C{end} {top} {end} {top} {end} {low}"
    )
    middle = start + (end - start) * parcel.words_at
    words = _text(middle, top - 7, parcel.words, size=13, colour=ARC)
    return (
        f'<path d="{path}" fill="none" stroke="{ARC}" stroke-width="1.8"'
        f' marker-end="url(#parcel)"/>\n{words}'
    )


def _node(place: int, node: Node) -> str:
    left, middle = _left(place), _middle(place)
    lines = (
        (26, node.name, 16, 600, INK),
        (46, node.does, 12, 400, QUIET),
        (72, "documents · keys", 12, 400, INK),
        (92, "trail · SQL view", 12, 400, INK),
    )
    words = "\n".join(
        _text(middle, BOX_TOP + down, text, size=size, weight=weight, colour=colour)
        for down, text, size, weight, colour in lines
    )
    return (
        f'<rect x="{left}" y="{BOX_TOP}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="9"'
        f' fill="{NODE_FILL}" stroke="{LINE}"/>\n'
        f'<path d="M{left + 14} {BOX_TOP + 55}H{left + BOX_WIDTH - 14}" stroke="{LINE}"/>\n{words}'
    )


def _acts_and_events(place: int) -> str:
    """Signed acts go down, events come up; the regulator's audit reads the chain itself besides."""
    middle, low = _middle(place), BOX_TOP + BOX_HEIGHT + 5
    acts = (
        f'<path d="M{middle - 9} {low}V{CHAIN_TOP - 5}" stroke="{QUIET}" marker-end="url(#act)"/>\n'
        f'<path d="M{middle + 9} {CHAIN_TOP - 4}V{low + 1}" stroke="{QUIET}"'
        f' marker-end="url(#act)"/>'
    )
    words: tuple[str, ...] = ()
    if place == 0:
        words = (
            _text(middle - 16, 372, "acts", size=12, colour=QUIET, anchor="end"),
            _text(middle + 16, 372, "events", size=12, colour=QUIET, anchor="start"),
        )
    elif place == SURRENDER:
        words = (_text(middle - 16, 372, "5  surrender", size=12, colour=QUIET, anchor="end"),)
    elif place == ANSWERED:
        words = (_text(middle - 16, 372, "6  delivery", size=12, colour=QUIET, anchor="end"),)
    elif place == REGULATOR:
        words = (
            _text(middle - 16, 372, "anchors", size=12, colour=QUIET, anchor="end"),
            f'<path d="M{middle + 27} {CHAIN_TOP - 4}V{low}" stroke="{READ}" stroke-width="2"'
            f' stroke-dasharray="5 4" marker-end="url(#read)"/>',
            _text(middle + 33, 372, "audit", size=12, colour=READ, anchor="start"),
        )
    return "\n".join((acts, *words))


def _chain() -> str:
    width = WIDTH - 2 * MARGIN
    step = width / len(CONTRACTS)
    names = "\n".join(
        _text(MARGIN + step * (place + 0.5), CHAIN_TOP + 62, name, size=13, weight=600)
        for place, name in enumerate(CONTRACTS)
    )
    return "\n".join(
        (
            f'<rect x="{MARGIN}" y="{CHAIN_TOP}" width="{width}" height="{CHAIN_HEIGHT}" rx="9"'
            f' fill="{CHAIN_FILL}" stroke="{LINE}"/>',
            _text(WIDTH / 2, CHAIN_TOP + 30, "the consortium's EVM chain", size=15, weight=600),
            names,
            _text(
                WIDTH / 2,
                CHAIN_TOP + 84,
                "who holds which title, and since when; no document, no number, no amount",
                size=13,
                colour=QUIET,
            ),
        )
    )


def _text(
    x: float,
    y: float,
    words: str,
    *,
    size: int,
    weight: int = 400,
    colour: str = INK,
    anchor: str = "middle",
) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" font-weight="{weight}" fill="{colour}"'
        f' text-anchor="{anchor}">{escape(words)}</text>'
    )


def _left(place: int) -> int:
    return MARGIN + place * (BOX_WIDTH + GAP)


def _middle(place: int) -> int:
    return _left(place) + BOX_WIDTH // 2


if __name__ == "__main__":
    SOURCE.with_name("tidan.svg").write_text(picture(), encoding="utf-8")
