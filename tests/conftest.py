"""What holds for every test: how Hypothesis searches, and which tests never run beside each other."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# On the build server the same examples every time; at a desk new ones. The machine's mood is never a failure.
settings.register_profile("desk", deadline=None)
settings.register_profile("server", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("server" if os.environ.get("CI") else "desk")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give all tests marked ``alone`` to one worker, where they run one after the other."""
    for item in items:
        if item.get_closest_marker("alone"):
            item.add_marker(pytest.mark.xdist_group("alone"))
