"""A simulator on a port, beside processes that are killed in the middle of a call."""

from __future__ import annotations

import socket
import struct
import threading
import time

import pytest

from simulators.p21 import Prophet21
from simulators.server import Serving
from simulators.world import VirtualClock, World

RESET = struct.pack("ii", 1, 0)  # close at once, with a reset instead of a farewell


def test_a_caller_that_is_killed_in_the_middle_leaves_no_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    with Serving(Prophet21(World(1, VirtualClock(0)))) as serving:
        before = threading.active_count()
        with socket.create_connection(("127.0.0.1", serving.port)) as caller:
            caller.sendall(b"GET /api/en")
            until = time.monotonic() + 30
            while threading.active_count() == before and time.monotonic() < until:
                time.sleep(0.01)
            caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        while threading.active_count() > before and time.monotonic() < until:
            time.sleep(0.01)
    assert threading.active_count() <= before, "the call has ended"
    assert capfd.readouterr().err == ""
