"""WooCommerce, over its REST interface v3."""

from __future__ import annotations

from tieout.connectors._connector import Secret
from tieout.connectors.webstore._face import StoreConnector
from tieout.connectors.webstore.woocommerce.store import WooSettings, open_woocommerce

SECRETS = (
    Secret(
        "consumer_key",
        "WooCommerce consumer key (ck_…)",
        "TIEOUT_STORE_KEY",
        "WooCommerce, Settings, Advanced, REST API; read access to orders.",
    ),
    Secret(
        "consumer_secret",
        "WooCommerce consumer secret (cs_…)",
        "TIEOUT_STORE_SECRET",
        "Shown once with the key; read/write to write numbers back.",
    ),
)
CONNECTOR = StoreConnector(
    "woocommerce",
    "WooCommerce",
    WooSettings,
    lambda settings: SECRETS,
    open_woocommerce,
)
