"""What every feature brings to the node: its endpoints, and how its operations are carried out."""

from __future__ import annotations

from typing import Final

from tidan_node.approvals import module as approvals
from tidan_node.audit import module as audit
from tidan_node.catalogue import module as catalogue
from tidan_node.council import module as council
from tidan_node.exchange import module as exchange
from tidan_node.identity import module as identity
from tidan_node.invoices import module as invoices
from tidan_node.policies import module as policies
from tidan_node.recognition import module as recognition
from tidan_node.subscriptions import module as subscriptions
from tidan_node.titles import module as titles
from tidan_node.users import module as users
from tidan_node.verification import module as verification
from tidan_node.web import chain_answers, lane_answers, operation_answers, operation_batches

ROUTERS: Final = (
    *titles.ROUTERS,
    *invoices.ROUTERS,
    *policies.ROUTERS,
    *exchange.ROUTERS,
    *approvals.ROUTERS,
    *identity.ROUTERS,
    *council.ROUTERS,
    *users.ROUTERS,
    *recognition.ROUTERS,
    *audit.ROUTERS,
    *verification.ROUTERS,
    *catalogue.ROUTERS,
    *subscriptions.ROUTERS,
    operation_answers.router,
    operation_batches.router,
    lane_answers.router,
    chain_answers.router,
)
HANDLERS: Final = (
    *titles.OPERATIONS,
    *invoices.OPERATIONS,
    *policies.OPERATIONS,
    *council.OPERATIONS,
    *exchange.OPERATIONS,
    *audit.OPERATIONS,
)
