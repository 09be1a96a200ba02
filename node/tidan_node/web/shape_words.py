"""What a member of a request must be, for people: pydantic says it in the words of a library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tidan_node.web.pattern_words import in_words

_WORDS: Final[Mapping[str, str]] = {
    "missing": "is missing",
    "extra_forbidden": "is no member that is known here",
    "too_short": "must have a length of at least {min_length}, not {actual_length}",
    "too_long": "must have a length of at most {max_length}",
    "string_too_short": "must have a length of at least {min_length}",
    "string_too_long": "must have a length of at most {max_length}",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "literal_error": "must be one of {expected}",
    "enum": "must be one of {expected}",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be {le} or less",
    "json_invalid": "is not JSON: {error}",
    "timezone_aware": "must have its zone, as 2026-05-31T12:00:00Z",
    "datetime_type": "must be a moment, as 2026-05-31T12:00:00Z",
    "datetime_parsing": "must be a moment, as 2026-05-31T12:00:00Z",
    "datetime_from_date_parsing": "must be a moment, as 2026-05-31T12:00:00Z",
    "value_error": "{error}",
}


def told(error: Mapping[str, Any]) -> str:  # Any: pydantic's own type
    """What pydantic found, without the value that it found it in."""
    context = dict(error.get("ctx") or {})
    if "pattern" in context:
        return in_words(str(context["pattern"]))
    words = _WORDS.get(str(error["type"]))
    if words is None:
        return str(error["msg"])
    if "expected" in context:
        context["expected"] = str(context["expected"]).replace("'", "")
    return words.format_map(context)
