"""A sign-in is ended once, in time, by whoever began it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.people.clock import Clock
from tidan_node.people.problems import SignInUnknown
from tidan_node.people.sign_ins import SignIn, SignIns
from tidan_node.people.tables import sign_ins
from tidan_node.storage.database import Database

REDIRECT = "http://127.0.0.1:4711/callback"


class TestSignIn:
    def test_the_challenge_is_that_of_rfc_7636(self) -> None:
        # RFC 7636, appendix B
        sign_in = SignIn("n", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", REDIRECT)
        assert sign_in.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

    def test_nothing_secret_is_in_its_repr(self) -> None:
        assert repr(SignIn("nonce", "verifier", REDIRECT)) == f"SignIn(redirect_uri={REDIRECT!r})"


class TestTake:
    async def test_it_comes_back_once(self, database: Database, clock: Clock) -> None:
        async with database.writing() as connection:
            kept = SignIns(connection, clock)
            begun = await kept.begin(REDIRECT)
            assert await kept.take(begun.state, begun.secret) == begun.sign_in
            with pytest.raises(SignInUnknown):
                await kept.take(begun.state, begun.secret)

    async def test_unknown_used_expired_and_anothers_are_refused_alike(
        self, database: Database, clock: Clock
    ) -> None:
        async with database.writing() as connection:
            kept = SignIns(connection, clock)
            old = await kept.begin(REDIRECT)
            clock.move(minutes=10)
            used, mine, yours = [await kept.begin(REDIRECT) for _ in range(3)]
            await kept.take(used.state, used.secret)
            answers = []
            for state, secret in (
                ("unknown", "unknown"),
                (used.state, used.secret),
                (old.state, old.secret),
                (mine.state, yours.secret),
            ):
                with pytest.raises(SignInUnknown) as refusal:
                    await kept.take(state, secret)
                answers.append(refusal.value.document())
            assert [answer for answer in answers if answer != answers[0]] == []
            await kept.take(mine.state, mine.secret)  # who tried with another's took nothing

    async def test_who_reads_the_table_can_end_none(self, database: Database, clock: Clock) -> None:
        async with database.writing() as connection:
            begun = await SignIns(connection, clock).begin(REDIRECT)
            rows = repr((await connection.execute(select(sign_ins))).all())
        assert begun.state not in rows
        assert begun.secret not in rows


class TestForgetExpired:
    async def test_what_nobody_ended_is_let_go(self, database: Database, clock: Clock) -> None:
        async with database.writing() as connection:
            kept = SignIns(connection, clock)
            await kept.begin(REDIRECT)
            clock.move(minutes=10)
            await kept.begin(REDIRECT)
            assert await kept.forget_expired() == 1
