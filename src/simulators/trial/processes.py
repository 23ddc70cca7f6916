"""The processes of a trial: a Tieout (web and worker) under test, started, killed and started again."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

START_SECONDS_MAX = 60.0
PORTS = (20_000, 32_768)
COMMAND = ("-m", "tieout")
LAST_LINES = 12
NEEDS_A_PERSON = 3  # the exit status of a command that ran and found something to look at


class Died(RuntimeError):
    """A process ended though nobody stopped it; the text is what it said last."""


def free_port() -> int:
    """A port of this machine that nobody listens on, below those the system gives to outgoing connections."""
    while True:
        port = random.SystemRandom().randrange(*PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def get_json(url: str, seconds: float = 10.0) -> Any:
    """The JSON at a URL; OSError when nobody answers."""
    with urllib.request.urlopen(url, timeout=seconds) as response:
        return json.loads(response.read())


def post_json(url: str, value: object, seconds: float = 30.0) -> Any:
    """The JSON answer to a JSON body; OSError when nobody answers or the answer is an error."""
    request = urllib.request.Request(url, json.dumps(value).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=seconds) as response:
        body = response.read()
        return json.loads(body) if body else None


@dataclass(slots=True)
class Tieout:
    """One installation in a folder. ``command`` starts its command line (a test may put its own in front)."""

    folder: Path
    command: Sequence[str] = COMMAND
    variables: Mapping[str, str] = field(default_factory=dict)
    webhook_port: int = field(default_factory=free_port)
    page_port: int = field(default_factory=free_port)
    log: Path | None = None
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def page(self) -> str:
        """The address of the page."""
        return f"http://127.0.0.1:{self.page_port}"

    def webhook(self, connection: str) -> str:
        """The address that events of a connection are sent to."""
        return f"http://127.0.0.1:{self.webhook_port}/webhooks/stripe/{connection}"

    def run(self, *arguments: str, **variables: str) -> str:
        """Run one command to its end; RuntimeError with what it said when it fails. What needs a person did not fail."""
        done = subprocess.run(
            [sys.executable, *self.command, *arguments],
            env=self._environment(variables),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in (0, NEEDS_A_PERSON):
            raise RuntimeError(f"tieout {' '.join(arguments)} said: {done.stdout}{done.stderr}")
        return done.stdout

    def start(self, part: str, **variables: str) -> None:
        """Start ``serve``, ``work``, or another worker beside it (any other name)."""
        log = self._log_file().open("ab")
        words = (part,) if part in ("serve", "work") else ("work", "--worker", part)
        self._running[part] = subprocess.Popen(
            [sys.executable, *self.command, *words], env=self._environment(variables), stdout=log, stderr=log
        )

    def kill(self, part: str) -> None:
        """Kill a process as the power would."""
        process = self._running.pop(part, None)
        if process:
            process.send_signal(signal.SIGKILL)
            process.wait()

    def freeze(self, part: str) -> None:
        """Let a process stand still where it is, until ``thaw``."""
        if self.alive(part):
            self._running[part].send_signal(signal.SIGSTOP)

    def thaw(self, part: str) -> None:
        """Let a frozen process go on."""
        if self.alive(part):
            self._running[part].send_signal(signal.SIGCONT)

    def stop_part(self, part: str) -> None:
        """Stop one process as a person would, and wait until it has gone."""
        process = self._running.pop(part, None)
        if process:
            process.terminate()
            process.wait()

    def alive(self, part: str) -> bool:
        """Whether the process is running."""
        process = self._running.get(part)
        return process is not None and process.poll() is None

    def require_alive(self) -> None:
        """Died with its last words when a process that was started has ended by itself."""
        for part, process in self._running.items():
            if process.poll() is not None:
                raise Died(f"tieout {part} ended with status {process.returncode}. It said last:\n{self._last_words()}")

    def was_killed(self, part: str) -> bool:
        """Whether the process is gone because it was killed, and not because it gave up."""
        process = self._running.get(part)
        return process is not None and process.poll() == -signal.SIGKILL

    def wait_until_serving(self) -> None:
        """Wait until the page answers; TimeoutError when it does not, Died when a process ended."""
        until = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < until:
            self.require_alive()
            try:
                get_json(f"{self.page}/api/counts", 2.0)
            except (OSError, urllib.error.URLError):
                time.sleep(0.05)
            else:
                return
        raise TimeoutError(f"Tieout did not start in {START_SECONDS_MAX} seconds; see {self.folder}")

    def stop(self) -> None:
        """Stop both processes."""
        for process in self._running.values():
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()

    def _log_file(self) -> Path:
        return self.log or self.folder / "tieout.log"

    def _last_words(self) -> str:
        lines = self._log_file().read_text(errors="replace").splitlines()[-LAST_LINES:]
        return "\n".join(f"  {line}" for line in lines) or "  nothing"

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        own = {
            "TIEOUT_FOLDER": str(self.folder),
            "TIEOUT_WEBHOOK_PORT": str(self.webhook_port),
            "TIEOUT_PAGE_PORT": str(self.page_port),
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        }
        return {**os.environ, **own, **self.variables, **more}
