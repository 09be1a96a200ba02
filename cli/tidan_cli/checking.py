"""What a check of a trade needs: the folder's papers, and a node where there is one."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

from tidan_cli.client import Document, NodeClient, connected
from tidan_cli.failures import FileUnusable, NodeNotChosen, UsageProblem
from tidan_cli.identifiers import whole_id
from tidan_node.verification.facts.recognition import PAPER_LIMIT, GivenPaper, read_papers
from tidan_node.verification.report import check_papers, paper_document
from tidan_node.verification.rules.rulebook import RULES

MOST_PAPERS = 100
_ENDINGS = (".json", ".xml")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be checked: a title, papers, or both."""

    title: str | None
    papers: tuple[GivenPaper, ...]
    holder: str | None

    @classmethod
    def of(
        cls, subject: str, *, title: str | None, papers: Path | None, holder: str | None
    ) -> Wanted:
        """A subject that is a folder is the papers; any other is the title."""
        if not _is_folder(Path(subject)):
            if title is not None or _is_there(Path(subject)):
                raise UsageProblem(f"{subject} is no folder", field="TITLE|DIR")
            return cls(subject, () if papers is None else papers_in(papers), holder)
        if papers is not None:
            raise UsageProblem("the papers are those of DIR already", field="--papers")
        return cls(title, papers_in(Path(subject)), holder)

    def unreadable(self) -> list[Document]:
        """Papers that break a rule of their form, by name, rule and place."""
        return [paper_document(paper) for paper in read_papers(self.papers) if paper.fault]

    def body(self, title: str | None) -> Document:
        papers = [
            {"name": paper.name, "content": base64.b64encode(paper.content).decode()}
            for paper in self.papers
        ]
        wanted = {"title": title, "papers": papers, "holder": self.holder}
        return {name: value for name, value in wanted.items() if value is not None}


def _is_folder(path: Path) -> bool:
    """A name that is too long for any file names none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def folder_of(path: Path | None) -> Path | None:
    """The folder that --papers names, which must be one."""
    if path is not None and not _is_folder(path):
        raise UsageProblem(f"{path} is no folder", field="--papers")
    return path


def checked(wanted: Wanted, *, node: str | None, home: Path | None, offline: bool) -> Document:
    """The report of the node that is chosen; of this machine where none is, or none is wanted."""
    if offline:
        return _offline(wanted)
    try:
        with connected(node, home) as client:
            return _asked(client, wanted)
    except NodeNotChosen:
        if wanted.title is not None or wanted.holder is not None:
            raise
        return _offline(wanted)


def rules_listed() -> Document:
    return {
        "rules": [
            {"id": rule.rule_id, "severity": rule.severity, "title": rule.title} for rule in RULES
        ]
    }


def papers_in(folder: Path) -> tuple[GivenPaper, ...]:
    """Every .json and .xml file of the folder itself, in the order of their names."""
    try:
        files = sorted(
            path
            for path in folder.iterdir()
            if path.suffix.lower() in _ENDINGS and not path.name.startswith(".") and path.is_file()
        )
    except OSError as error:
        raise FileUnusable(f"{folder}: {error.strerror}", field=str(folder)) from error
    if not files:
        raise FileUnusable(f"{folder} holds no .json or .xml file", field=str(folder))
    if len(files) > MOST_PAPERS:
        raise FileUnusable(f"{folder} holds more than {MOST_PAPERS} papers", field=str(folder))
    for path in files:
        _require_name(path)
    return tuple(GivenPaper(path.name, _bytes(path)) for path in files)


def _require_name(path: Path) -> None:
    """A report is JSON, and names every paper."""
    try:
        path.name.encode()
    except UnicodeEncodeError as error:
        name = path.name.encode("utf-8", "backslashreplace").decode()
        raise FileUnusable(
            f"{name}: name-not-utf-8: has a name that is not UTF-8", field=name
        ) from error


def _bytes(path: Path) -> bytes:
    """One byte more than a paper may have is enough to know that it is too large."""
    try:
        with path.open("rb") as file:
            return file.read(PAPER_LIMIT + 1)
    except OSError as error:
        raise FileUnusable(f"{path}: {error.strerror}", field=str(path)) from error


def _offline(wanted: Wanted) -> Document:
    if wanted.title is not None:
        raise UsageProblem("a title is looked up at a node", field="--offline")
    if wanted.holder is not None:
        raise UsageProblem("who holds a title is known to a node", field="--holder")
    return {**check_papers(wanted.papers).document(), "title": None, "asOf": None}


def _asked(client: NodeClient, wanted: Wanted) -> Document:
    title = None if wanted.title is None else whole_id(client, "titles", wanted.title)
    return client.ask("/v1/trade-checks", wanted.body(title))
