"""Why a commitment, a proof or a number is refused."""

from __future__ import annotations

from tidan_node.problems import Problem


class JsonMalformed(Problem):
    status, slug, title = 422, "json-malformed", "This is not JSON that has one meaning only"


class SchemaUnknown(Problem):
    status, slug, title = 422, "schema-unknown", "There is no schema of this number"


class PathUnknown(Problem):
    status, slug, title = 422, "path-unknown", "The schema has no such path"


class FieldMisplaced(Problem):
    status, slug, title = 422, "field-misplaced", "The schema has no place for this value"


class FigureMalformed(Problem):
    status, slug, title = 422, "figure-malformed", "This figure cannot be committed to"


class NotCommitted(Problem):
    status, slug, title = 422, "not-committed", "The document does not say what was asked for"


class ProofRefused(Problem):
    status, slug, title = 422, "proof-refused", "The proof does not hold"


class NumberMalformed(Problem):
    status, slug, title = 422, "number-malformed", "This cannot be the number of a document"


class NumberingRefused(Problem):
    status, slug, title = 422, "numbering-refused", "The numbering proof does not hold"
