"""The main chapter: a cargo's papers between six members, of whom the Council let three in."""

from __future__ import annotations

from typing import Any, Final

from tidan_cli.demo.acts import Acts
from tidan_cli.demo.cast import BANK, BUYER, CARRIER, INSURER, REGULATOR, SHIPPER, Chamber
from tidan_cli.demo.closing import close
from tidan_cli.demo.deciding import Council
from tidan_cli.demo.dossier import Dossier
from tidan_cli.demo.performance import Chapter
from tidan_cli.demo.regulator import audit
from tidan_cli.demo.story import Story

Document = dict[str, Any]  # Any: what a command answers, as JSON

CAST: Final = (CARRIER, BANK, REGULATOR, SHIPPER, BUYER, INSURER)
CHAMBER: Final = Chamber((CARRIER, BANK, REGULATOR), threshold=2)


def trade(dossier: Dossier) -> Chapter:
    """The chapter with the papers of one dossier."""

    def tell(acts: Acts) -> Document:
        newcomers = [each for each in acts.stage.members if each not in CHAMBER.founders]
        Council(acts).enrol(newcomers, proposer=BANK, approver=REGULATOR)
        told = Story(acts, dossier).tell()
        return {
            "documents": str(dossier.folder),
            "passedOver": [
                {"name": each.name, "reason": each.reason} for each in dossier.passed_over
            ],
            **told,
            "falsehoods": [dict(each) for each in dossier.falsehoods],
            "audit": audit(acts, [title["title"] for title in told["titles"]]),
        }

    return Chapter("main", CAST, CHAMBER, tell, close, dossier.codes)
