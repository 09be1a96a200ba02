"""UBL 2.1 XML into fields: the names of the elements, in the shape that the schema gives them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from tidan_node.domain.documents.problems import DocumentMalformed
from tidan_node.domain.documents.validation import Fault, malformed
from tidan_node.domain.proofs.canonical import JsonValue, nfc, number_of, pointer_to
from tidan_node.domain.proofs.problems import JsonMalformed
from tidan_node.domain.proofs.shapes import ArrayShape, ObjectShape, ScalarShape, Shape

TEXT: Final = "value"
"""The part that holds an element's text, beside its attributes. UBL's element names begin with a
capital letter and its attributes do not, so that one name never means both."""

_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_AGGREGATE: Final = f"{_UBL}CommonAggregateComponents-2"
_BASIC: Final = f"{_UBL}CommonBasicComponents-2"
_SCHEMA_INSTANCE: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
_BOOLEANS: Final = {"true": True, "false": False, "1": True, "0": False}  # XML Schema §3.2.2
_DECIMAL: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")


def read_ubl(raw: bytes, document: str, shape: ObjectShape) -> dict[str, JsonValue]:
    """The fields of a UBL document of the type `document`; DTDs and entities are refused."""
    try:
        root = fromstring(raw, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise _fault("", "has a DTD or an entity, which no invoice needs") from error
    except (ParseError, ValueError, LookupError) as error:
        raise _fault("", f"is not well-formed XML: {error}") from error
    namespace, name = _name_of(root)
    if (namespace, name) != (f"{_UBL}{document}-2", document):
        raise _fault("", f"must be a UBL 2 {document}, not {name}")
    for attribute in root.attrib:
        if not attribute.startswith(_SCHEMA_INSTANCE):
            raise _fault("", f"has the attribute {attribute}, which UBL does not know")
    return _aggregate(root, shape, "")


def _aggregate(element: Element, shape: ObjectShape, path: str) -> dict[str, JsonValue]:
    if any(text.strip() for text in _texts_of(element)):
        raise _fault(path, "has text between its elements")
    result: dict[str, JsonValue] = {}
    for child in element:
        namespace, name = _name_of(child)
        where = pointer_to(path, name)
        if name not in shape.slots:
            raise _fault(where, "is an element that the schema does not know")
        _, part = shape.slots[name]
        repeated = isinstance(part, ArrayShape)
        item = part.item if isinstance(part, ArrayShape) else part
        if namespace != (_AGGREGATE if _is_aggregate(item) else _BASIC):
            raise _fault(where, f"is in the namespace {namespace or 'none'}")
        if not repeated:
            if name in result:
                raise _fault(where, "is there more than once")
            result[name] = _element(child, item, where)
            continue
        items = result.setdefault(name, [])
        if isinstance(items, list):
            items.append(_element(child, item, pointer_to(where, len(items))))
    return result


def _element(element: Element, shape: Shape, path: str) -> JsonValue:
    if isinstance(shape, ObjectShape) and _is_aggregate(shape):
        if element.attrib:
            raise _fault(path, f"has the attribute {next(iter(element.attrib))}, unknown to UBL")
        return _aggregate(element, shape, path)
    if len(element):
        raise _fault(path, "has elements where a value belongs")
    parts = shape.slots if isinstance(shape, ObjectShape) else {}
    for attribute in element.attrib:
        if attribute not in parts:
            raise _fault(path, f"has the attribute {attribute}, which the schema does not know")
    if not isinstance(shape, ObjectShape):
        return _value(element.text or "", shape, path)
    members: dict[str, JsonValue] = {
        name: _value(text, parts[name][1], pointer_to(path, name))
        for name, text in element.attrib.items()
    }
    members[TEXT] = _value(element.text or "", parts[TEXT][1], pointer_to(path, TEXT))
    return members


def _value(text: str, shape: Shape, path: str) -> JsonValue:
    """White space around a value means nothing in UBL; inside a text it is the writer's."""
    text = text.strip()
    types = shape.types if isinstance(shape, ScalarShape) else frozenset()
    if "number" in types:
        if not _DECIMAL.fullmatch(text):
            raise _fault(path, "must be a decimal number")
        try:
            return number_of(text)
        except JsonMalformed as problem:
            raise _fault(path, problem.detail) from problem
    if "boolean" in types:
        if text not in _BOOLEANS:
            raise _fault(path, f"must be one of {', '.join(_BOOLEANS)}")
        return _BOOLEANS[text]
    return nfc(text, path)


def _is_aggregate(shape: Shape) -> bool:
    return isinstance(shape, ObjectShape) and TEXT not in shape.slots


def _name_of(element: Element) -> tuple[str, str]:
    namespace, _, name = element.tag.rpartition("}")
    return namespace.removeprefix("{"), name


def _texts_of(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield child.tail or ""


def _fault(path: str, rule: str) -> DocumentMalformed:
    return malformed([Fault(path, rule)])
