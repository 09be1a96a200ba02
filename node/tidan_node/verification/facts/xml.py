"""XML papers without a schema of their own here: into the form that JSON papers have."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from tidan_node.domain.proofs.canonical import DEPTH_LIMIT, JsonValue, nfc, pointer_to
from tidan_node.domain.proofs.problems import JsonMalformed
from tidan_node.verification.facts.places import TEXT
from tidan_node.verification.facts.problems import PaperUnreadable

ELEMENT_LIMIT: Final = 100_000
"""More than two thousand lines of an invoice have."""

_RULE: Final = "not-xml"


@dataclass(frozen=True, slots=True)
class XmlPaper:
    """A document: the namespace and the name of its root, and the fields below it."""

    namespace: str
    name: str
    root: Element


def parse_xml(raw: bytes) -> XmlPaper:
    """The document; DTDs and entities are refused, as nothing in trade needs them."""
    try:
        root = fromstring(raw, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise PaperUnreadable(_RULE, "has a DTD or an entity, which no paper needs") from error
    except (ParseError, ValueError, LookupError) as error:
        raise PaperUnreadable(_RULE, f"is not well-formed XML: {error}") from error
    namespace, _, name = str(root.tag).removeprefix("{").rpartition("}")
    return XmlPaper(namespace, name, root)


def words_of(root: Element) -> str:
    """All that a document says, whatever the spaces and the prefixes of its namespaces; each
    element with the number of those below it, so that two documents have different ones."""
    return repr(
        [
            (
                each.tag,
                len(each),
                sorted(each.attrib.items()),
                (each.text or "").strip(),
                (each.tail or "").strip(),
            )
            for each in root.iter()
        ]
    )


def fields_of(paper: XmlPaper) -> JsonValue:
    """Elements by their names; one that is repeated is a list, one with attributes an object."""
    if sum(1 for _ in paper.root.iter()) > ELEMENT_LIMIT:
        raise PaperUnreadable("too-large", f"has more than {ELEMENT_LIMIT} elements")
    return _value(paper.root, "", 0)


def _value(element: Element, path: str, depth: int) -> JsonValue:
    if depth > DEPTH_LIMIT:
        raise PaperUnreadable(_RULE, f"is nested deeper than {DEPTH_LIMIT} levels", path=path)
    attributes: dict[str, JsonValue] = {
        _local(name): _text(value, path) for name, value in element.attrib.items()
    }
    if not len(element):
        text = _text((element.text or "").strip(), path)
        return {**attributes, TEXT: text} if attributes else text
    counted = Counter(_local(str(child.tag)) for child in element)
    result: dict[str, JsonValue] = {}
    for child in element:
        name = _local(str(child.tag))
        where = pointer_to(path, name)
        if counted[name] == 1:
            result[name] = _value(child, where, depth + 1)
            continue
        items = result.setdefault(name, [])
        if isinstance(items, list):
            items.append(_value(child, pointer_to(where, len(items)), depth + 1))
    return result


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _text(text: str, path: str) -> str:
    try:
        return nfc(text, path)
    except JsonMalformed as problem:
        raise PaperUnreadable(_RULE, problem.detail, path=path) from problem
