"""What reads are divided by: one endpoint without work, served as a node serves its own."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from fastapi import FastAPI

from tidan_cli.servers import server_config

PATH: Final = "/empty"

app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)


@app.get(PATH)
async def empty() -> dict[str, str]:
    """Nothing is looked at, nothing is found."""
    return {}


@contextmanager
def serving() -> Iterator[tuple[int, int]]:
    """Its process and its port, for the block."""
    command = [sys.executable, "-m", "benchmarks.empty_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None  # noqa: S101 - it was asked for
            yield process.pid, int(process.stdout.readline())
        finally:
            process.terminate()


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(server_config(app, lifespan="off")).run([listener])
