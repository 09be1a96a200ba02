"""Fields checked against their JSON Schema and its figures; every fault is named, not only one."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from tidan_node.domain.documents.problems import DocumentMalformed
from tidan_node.domain.proofs.canonical import JsonValue, pointer_to, read_json
from tidan_node.domain.proofs.placement import place
from tidan_node.domain.proofs.problems import FieldMisplaced, FigureMalformed, JsonMalformed
from tidan_node.domain.proofs.schema import Schema, schema_by_number

FAULTS_NAMED: Final = 20

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_TIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One rule that one field breaks."""

    field: str
    rule: str


@dataclass(frozen=True, slots=True)
class Fields:
    """Fields that their schema has a place for."""

    fields: Mapping[str, JsonValue]


def read_json_fields(raw: bytes, schema: Schema) -> Mapping[str, JsonValue]:
    """The fields that a JSON document states, once they are found to be in order."""
    try:
        value = read_json(raw)
    except JsonMalformed as problem:
        raise malformed([Fault(problem.field or "", problem.detail)]) from problem
    return checked(value, schema)


def checked(value: JsonValue, schema: Schema) -> Mapping[str, JsonValue]:
    """The value as it is, if it keeps all rules of the schema."""
    # The library's errors are typed by Any: an instance is whatever JSON there was.
    errors = _validator(schema.number).iter_errors(value)
    faults = sorted({fault for error in errors for fault in _faults(error)})
    if faults or not isinstance(value, dict):
        raise malformed(faults or [Fault("", "must be an object")])
    try:
        for _ in place(Fields(value), schema):
            pass
    except (FigureMalformed, FieldMisplaced) as problem:
        raise malformed([Fault(problem.field or "", problem.detail)]) from problem
    return value


def malformed(faults: list[Fault]) -> DocumentMalformed:
    """The problem that names these faults, the first one as its field."""
    named = [f"{fault.field or 'the document'} {fault.rule}" for fault in faults[:FAULTS_NAMED]]
    if len(faults) > FAULTS_NAMED:
        named.append(f"and {len(faults) - FAULTS_NAMED} more")
    return DocumentMalformed(
        "; ".join(named),
        field=faults[0].field,
        faults=[{"field": fault.field, "rule": fault.rule} for fault in faults],
    )


@functools.cache
def _validator(number: int) -> Any:  # the class that `extend` makes has no type of its own
    checker = FormatChecker(formats=())
    checker.checks("date", raises=ValueError)(_is_date)
    checker.checks("date-time", raises=ValueError)(_is_date_time)
    kind = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]  # stubs have no types here
    return kind(schema_by_number(number).json_schema, format_checker=checker)


def _pattern(_: object, pattern: str, instance: object, __: object) -> Iterator[ValidationError]:
    """ECMA 262's `$` is the end of the text; Python's would let a line feed follow."""
    if isinstance(instance, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), instance):
        yield ValidationError("does not match")


def _is_date(value: object) -> bool:
    if not isinstance(value, str):
        return True
    date.fromisoformat(value)
    return _DATE.fullmatch(value) is not None


def _is_date_time(value: object) -> bool:
    if not isinstance(value, str):
        return True
    datetime.fromisoformat(value.upper())
    return _DATE_TIME.fullmatch(value) is not None


def _faults(error: ValidationError) -> Iterator[Fault]:
    field = functools.reduce(pointer_to, error.absolute_path, "")
    # Whatever the keyword, the document and the schema hold.
    rule: Any = error.validator_value
    instance: Any = error.instance
    schema: Any = error.schema
    match error.validator:
        case "required":
            yield from (
                Fault(pointer_to(field, name), "is missing")
                for name in rule
                if name not in instance
            )
        case "additionalProperties":
            yield from (
                Fault(pointer_to(field, name), "is unknown to the schema")
                for name in instance
                if name not in schema["properties"]
            )
        case "oneOf" | "anyOf":
            names = [", ".join(branch["required"]) for branch in rule]
            how_many = "exactly one" if error.validator == "oneOf" else "at least one"
            yield Fault(field, f"must have {how_many} of {' | '.join(names)}")
        case keyword:
            yield Fault(field, _rule_in_words(str(keyword), rule))


def _rule_in_words(keyword: str, rule: object) -> str:
    words = {
        "type": "must be of the type {}",
        "enum": "must be one of {}",
        "pattern": "must match {}",
        "format": "must be a {}",
        "minLength": "must have at least {} characters",
        "maxLength": "must have at most {} characters",
        "minItems": "must have at least {} items",
        "maxItems": "must have at most {} items",
        "minimum": "must be at least {}",
        "maximum": "must be at most {}",
        "exclusiveMinimum": "must be more than {}",
    }
    stated = ", ".join(map(str, rule)) if isinstance(rule, list) else str(rule)
    return words.get(keyword, f"must keep the rule {keyword} {{}}").format(stated)
