"""The node put together: settings → keys, database, chain, workers, features → FastAPI."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import httpx
from fastapi import FastAPI

from tidan_node import __version__
from tidan_node.approvals.keeping import KeptRequests
from tidan_node.audit.operations import AnchorByOperation
from tidan_node.domain.checkpoints import Checkpoints, NoCheckpoints
from tidan_node.domain.proofs.numbering import NumberingKey
from tidan_node.exchange.courier import Courier
from tidan_node.exchange.exchange_keystores import ExchangeKeystores
from tidan_node.exchange.own_certificate import OwnCertificate
from tidan_node.exchange.wire import wire_client
from tidan_node.features import HANDLERS, ROUTERS
from tidan_node.indexer.follower import FollowerSettings
from tidan_node.indexer.told import ToldTransactions
from tidan_node.ledger import keystore
from tidan_node.ledger.record_chain import LedgerChain
from tidan_node.ledger.signer import LocalSigner
from tidan_node.operations.backlog import Backlog
from tidan_node.operations.dispatcher import Dispatcher, DispatcherSettings
from tidan_node.operations.endings import OperationEndings
from tidan_node.operations.service import Operations
from tidan_node.people.openid import OpenIdProvider, Registration, provider_client
from tidan_node.people.sign_in_offer import SignInOffer
from tidan_node.recognition.guard import RecognitionGuard
from tidan_node.recognition.publications import Publications, publications_client
from tidan_node.records.followed_chain import FollowedChain
from tidan_node.records.followed_chains import home_place, linked_chains
from tidan_node.settings import Settings
from tidan_node.subscriptions.deliveries import Deliveries
from tidan_node.subscriptions.partings import Partings
from tidan_node.titles import module as titles
from tidan_node.titles.adopting import Adopting
from tidan_node.titles.alarming import Alarming
from tidan_node.trail.sealer import Sealer, SealerSettings
from tidan_node.users import module as users
from tidan_node.web import idempotency
from tidan_node.web.chain_watch import ChainWatch, MigrationsPending
from tidan_node.web.edge import application
from tidan_node.web.health import Check, Health
from tidan_node.web.lane_watch import LaneWatch
from tidan_node.web.metrics import Metrics
from tidan_node.web.newest import Newest
from tidan_node.web.news import News
from tidan_node.web.node_checks import NodeChecks
from tidan_node.web.operating import operating_router
from tidan_node.web.other_nodes import exchange_application, for_own_people
from tidan_node.web.own_party import act_together
from tidan_node.web.state import ChainFacts, NodeState
from tidan_node.web.supervisor import Supervisor, Worker
from tidan_node.web.wake_ups import WakeUps

__all__ = ["HANDLERS", "ROUTERS", "MigrationsPending", "Node", "create_app"]

_HOUR: Final = 3600.0


class Node:
    """Everything of one node, made from its settings; nothing runs before `running`."""

    def __init__(self, settings: Settings, checkpoints: Checkpoints) -> None:
        settings.require_files()
        password = settings.password()
        signer = LocalSigner(keystore.open(settings.account_keystore, password))
        numbering = NumberingKey(keystore.open(settings.numbering_keystore, password))
        exchange_keys = ExchangeKeystores(settings.exchange_keystore, password)
        self.settings = settings
        self.certificate: OwnCertificate | None = None
        """What other nodes are shown; a home of a former version has none yet."""
        if settings.tls_file.is_file():
            self.certificate = OwnCertificate(settings.tls_file, exchange_keys)
        place = home_place(settings)
        manifest = place.manifest
        self.home_chain = FollowedChain(
            place,
            settings=FollowerSettings.of(settings, manifest),
            checkpoints=checkpoints,
            others=(OperationEndings(), Partings(manifest.chain_id)),
            progressed=self._read_on,
        )
        self.chains = (self.home_chain, *linked_chains(settings, manifest, checkpoints))
        self.database, gateway = self.home_chain.database, self.home_chain.gateway
        backlog = Backlog(settings.queue_limit)
        self.operations = Operations(chain_id=manifest.chain_id, backlog=backlog)
        self.provider_client = provider_client()
        self.issuers_client = publications_client()
        metrics = Metrics()
        signers = [signer, *map(LocalSigner, keystore.open_all(settings.lanes, password))]
        lanes = [each.address for each in signers]
        self.news, newest = News(), Newest()
        self.wake_ups = WakeUps(
            self.database.url, self.news, at_work=lambda: self.supervisor.is_working
        )
        self.dispatcher = Dispatcher(
            database=self.database,
            chain=gateway,
            indexed=self.home_chain.checkpoint,
            handlers=HANDLERS,
            signers=signers,
            may_sign=partial(act_together, signer.address),
            told=ToldTransactions(manifest.chain_id),
            settings=DispatcherSettings.of(settings, manifest),
            checkpoints=checkpoints,
            sent=self._look_for_blocks,
        )
        self.sealer = Sealer(
            database=self.database,
            anchoring=AnchorByOperation(self.operations),
            settings=SealerSettings.of(settings),
            checkpoints=checkpoints,
            enqueued=self.dispatcher.wake,
        )
        deliveries = Deliveries(
            database=self.database,
            chain_id=manifest.chain_id,
            account=signer.address,
            news=self.news,
            newest=newest,
            checkpoints=checkpoints,
        )
        alarming = Alarming(
            database=self.database,
            chain_id=manifest.chain_id,
            account=signer.address,
            hours=settings.surrender_alarm_hours,
            complete_at=lambda: self.home_chain.follower.complete_at,
            raised=self.wake_ups.read,
            checkpoints=checkpoints,
        )
        self.watches = [
            ChainWatch(each, lambda: self.supervisor.is_working) for each in self.chains
        ]
        self.supervisor = Supervisor(
            [
                *(each.worker for each in self.watches),
                Worker("dispatcher", self.dispatcher.run),
                Worker("sealer", self.sealer.run),
                Worker("courier", lambda: self.courier.run()),  # noqa: PLW0108  made below
                Worker("adopting", lambda: self.adopting.run()),  # noqa: PLW0108  made below
                Worker("webhooks", deliveries.run),
                Worker("alarms", alarming.run),
                Worker("housekeeping", self._keep_house),
            ],
            peers=self.wake_ups.peers,
        )
        self.checks = NodeChecks(
            home=self.watches[0],
            linked=self.watches[1:],
            supervisor=self.supervisor,
            lanes=LaneWatch(self.database, lanes, timedelta(seconds=settings.stuck_after_seconds)),
        )
        self.state = NodeState(
            database=self.database,
            account=signer.address,
            lanes=lanes,
            operations=self.operations,
            numbering_key=numbering,
            exchange_keys=exchange_keys.ring,
            chain=ChainFacts.of(manifest),
            chains=self.watches,
            health=Health([*self.checks.all(), *self._certificate_check()]),
            metrics=metrics,
            measure=partial(self.checks.measure, metrics, signer.address),
            record_chain=LedgerChain(self.home_chain.rpc, gateway),
            checkpoints=checkpoints,
            news=self.news,
            newest=newest,
            sign_in=_sign_in(settings, self.provider_client),
            session_guard=RecognitionGuard(signer.address),
            issuers=Publications(self.issuers_client),
            four_eyes=KeptRequests(),
            trust_anchors=settings.trust_anchors,
            committed=self.wake_ups.committed,
        )
        self.wire = wire_client()
        self.courier, self.adopting = Courier(self.state, self.wire), Adopting(self.state)
        self.wake_ups.workers = (self.dispatcher.wake, self.sealer.wake, self.courier.wake)

    @contextlib.asynccontextmanager
    async def running(self, _: FastAPI) -> AsyncIterator[None]:
        """The life of the node: it refuses an old database, and starts without its chain."""
        try:
            await self.watches[0].migrations()
            self.supervisor.start()
            yield
        finally:
            self.news.close()
            await self.supervisor.stop()
            await self.wire.aclose()
            await self.provider_client.aclose()
            await self.issuers_client.aclose()
            await self.close()

    async def close(self) -> None:
        """Let go of every chain and its database."""
        for chain in self.chains:
            await chain.close()

    def app(self) -> FastAPI:
        """What the party's own people call; other nodes, too, where they have no listener."""
        return application(
            self.state,
            ROUTERS if self.certificate is None else for_own_people(ROUTERS),
            upload_limit=self.settings.upload_limit,
            open_metrics=self.settings.metrics_open,
            version=__version__,
            lifespan=self.running,
        )

    def exchange_app(self) -> FastAPI:
        """What other nodes call, while the other application runs."""
        routers = (operating_router(open_metrics=False), *ROUTERS)
        return exchange_application(self.state, routers, upload_limit=self.settings.upload_limit)

    def _certificate_check(self) -> list[Check]:
        certificate = self.certificate
        if certificate is None:
            return []

        async def look() -> str:
            return certificate.require_valid(datetime.now(UTC))

        return [Check("certificate", look)]

    def _look_for_blocks(self) -> None:
        self.home_chain.follower.wake()

    def _read_on(self) -> None:
        self.dispatcher.wake()
        self.courier.blocks_read()
        self.adopting.blocks_read()
        self.wake_ups.read()

    async def _keep_house(self) -> None:
        while True:
            async with self.database.writing() as connection:
                await idempotency.forget_before(connection, datetime.now(UTC) - idempotency.KEPT)
                await users.forget_expired(connection)
                await titles.forget_expired(connection)
                await self.state.four_eyes.expire(connection, datetime.now(UTC))
            await asyncio.sleep(_HOUR)


def create_app(settings: Settings, *, checkpoints: Checkpoints | None = None) -> FastAPI:
    """The node as an ASGI application, or why these settings cannot make one."""
    return Node(settings, checkpoints or NoCheckpoints()).app()


def _sign_in(settings: Settings, client: httpx.AsyncClient) -> SignInOffer | None:
    issuer, client_id = settings.oidc_issuer, settings.oidc_client_id
    if issuer is None or client_id is None:
        return None
    registration = Registration(issuer, client_id, settings.client_secret())
    return SignInOffer(
        OpenIdProvider(registration, client),
        settings.oidc_redirect_uri,
        timedelta(hours=settings.session_hours),
    )
