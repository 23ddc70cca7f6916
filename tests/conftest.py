"""What holds for every test: how Hypothesis searches, which tests never run beside each other, and failures told at once."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tieout.kernel.failure_codes import code_named
from tieout.kernel.failures import Defect, Fix, Retry

SOURCE = str(Path(__file__).parents[1] / "src" / "tieout")

# On the build server the same examples every time; at a desk new ones. The machine's mood is never a failure.
settings.register_profile("desk", deadline=None)
settings.register_profile("server", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("server" if os.environ.get("CI") else "desk")


class ToldAtOnce:
    """A failure is printed when it happens: the report at the end is half an hour away, and a build that is cut has none."""

    SHOWN_LINES_MAX = 12

    def __init__(self, terminal: pytest.TerminalReporter) -> None:
        self._terminal = terminal

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Name the test that failed, with the last lines of why."""
        if report.failed:
            why = report.longreprtext.splitlines()[-self.SHOWN_LINES_MAX :]
            self._terminal.ensure_newline()
            for line in (f"FAILED {report.nodeid} ({report.when}, {report.duration:.0f} s)", *why):
                self._terminal.write_line(line)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Only the process that has a terminal tells; the workers of xdist report to it."""
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(ToldAtOnce(terminal))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give all tests marked ``alone`` to one worker, where they run one after the other."""
    for item in items:
        if item.get_closest_marker("alone"):
            item.add_marker(pytest.mark.xdist_group("alone"))


def _demand_listed_codes(kind: type[Any]) -> None:
    """A failure that the product makes in any test has a code that the list knows, however the code was put together."""
    begin = kind.__init__

    def checked(self: Any, code: str, *arguments: Any, **named: Any) -> None:
        if sys._getframe(1).f_code.co_filename.startswith(SOURCE):
            assert code_named(code), f"{code} is not in kernel/failure_codes: add what happened, why, what to do"
        begin(self, code, *arguments, **named)

    type.__setattr__(kind, "__init__", checked)


for _kind in (Fix, Retry, Defect):
    _demand_listed_codes(_kind)
