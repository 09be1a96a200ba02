"""Runs where web3.py is installed: what its `process_log` takes for each event of a file,
by the clock and of its own time, in seconds."""

import json
import sys
import time
from pathlib import Path

from web3 import Web3  # type: ignore[import-not-found]  # it is installed elsewhere
from web3._utils.method_formatters import log_entry_formatter  # type: ignore[import-not-found]
from web3.datastructures import AttributeDict  # type: ignore[import-not-found]


def main(file: Path) -> None:
    """The file holds logs as JSON-RPC gives them, and the ABI of each contract."""
    given = json.loads(file.read_text(encoding="utf-8"))
    readers = {}
    for abi in given["abis"].values():
        contract = Web3().eth.contract(abi=abi)
        for entry in abi:
            if entry["type"] == "event":
                event = contract.events[entry["name"]]()
                readers[event.topic] = event
    # as `get_logs` would give them; only the reading of the events is timed
    logs = [AttributeDict(log_entry_formatter(each)) for each in given["logs"]]
    named = [(readers[log["topics"][0].to_0x_hex()], log) for log in logs]
    started, own = time.perf_counter(), time.process_time()
    for event, log in named:
        event.process_log(log)
    print((time.perf_counter() - started) / len(logs), (time.process_time() - own) / len(logs))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
