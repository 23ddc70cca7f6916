"""Any store that answers an order as JSON over HTTP: what its fields mean is configuration, not code (M17)."""

from __future__ import annotations

from tieout.connectors.webstore._face import StoreConnector
from tieout.connectors.webstore.generic.settings import GenericSettings, needed_secrets
from tieout.connectors.webstore.generic.store import open_generic

CONNECTOR = StoreConnector(
    "generic",
    "Any web store (HTTP and JSON)",
    GenericSettings,
    needed_secrets,
    open_generic,
)
