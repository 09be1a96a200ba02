"""Problems keep their kind and their words when they are stored and read back."""

from __future__ import annotations

from tidan_node.domain.title_problems import StaleSeq
from tidan_node.problems import Problem, every_problem, stored_problem


class TestDocument:
    def test_names_type_status_detail_and_field(self) -> None:
        document = StaleSeq("moved on", field="expectedSeq", actualSeq=4).document()
        assert document == {
            "type": "/v1/problems/stale-seq",
            "title": "The record has moved on since you looked at it",
            "status": 409,
            "detail": "moved on",
            "field": "expectedSeq",
            "actualSeq": 4,
        }


class TestStoredProblem:
    def test_comes_back_as_the_kind_that_it_was(self) -> None:
        back = stored_problem(StaleSeq("moved on", field="expectedSeq", actualSeq=4).document())
        assert type(back) is StaleSeq
        assert (back.detail, back.field, back.extra) == (
            "moved on",
            "expectedSeq",
            {"actualSeq": 4},
        )

    def test_an_unknown_kind_is_a_plain_problem(self) -> None:
        back = stored_problem({"type": "/v1/problems/of-tomorrow", "detail": "x"})
        assert type(back) is Problem


class TestEveryProblem:
    def test_each_slug_has_one_kind(self) -> None:
        def kinds(root: type[Problem]) -> list[type[Problem]]:
            return [k for sub in root.__subclasses__() for k in (sub, *kinds(sub))]

        every = kinds(Problem)
        slugs = [kind.slug for kind in every_problem()]
        assert len(slugs) == len(set(slugs)) == len({kind.slug for kind in every})
        assert len({kind.slug for kind in every}) == len(set(every))
