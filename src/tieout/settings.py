"""Settings: each one a field with a type, a default and a meaning; read from TIEOUT_… variables."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from tieout.kernel.failures import Failed, Fix


class Settings(BaseSettings):
    """How this installation runs. Everything about Stripe, P21 and stores is a connection, not a setting."""

    model_config = SettingsConfigDict(env_prefix="TIEOUT_", extra="ignore")

    folder: Path = Field(default=Path("tieout-data"), description="Where the databases and the key file are kept.")
    host: str = Field(default="127.0.0.1", description="Address the webhook door listens on.")
    webhook_port: int = Field(default=8470, ge=0, le=65535, description="Port of the webhook door; serve it to Stripe.")
    page_host: str = Field(
        default="127.0.0.1", description="Address the page listens on; it has no sign-in of its own."
    )
    page_names: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9.\-\[\]: ]*$",
        description="Names the page answers to besides its address and localhost, separated by spaces.",
    )
    page_proxy: str = Field(
        default="",
        pattern=r"^[0-9A-Fa-f.: ]*$",
        description="Addresses of the proxy that asks who people are; the page then answers it and this machine alone.",
    )
    page_port: int = Field(default=8471, ge=0, le=65535, description="Port of the page; keep it inside.")
    worker: str = Field(default="worker-1", pattern=r"^[A-Za-z0-9_-]{1,40}$", description="Name of a worker process.")
    retry_first_seconds: float = Field(default=1.0, gt=0, description="First delay after a failed try.")
    retry_delay_seconds_max: float = Field(default=300.0, gt=0, description="Longest delay between two tries.")
    retry_attempts_max: int = Field(default=14, ge=1, description="Failed tries before a run is parked.")
    bookkeeping_pace: float = Field(
        default=1.0,
        gt=0,
        le=100,
        description="Factor on the time between two rounds of bookkeeping; 0.1 is ten times as often.",
    )
    heads_file: Path | None = Field(
        default=None,
        description="A file on another machine or disk to which the head of the books' chain is added every hour.",
    )
    personal_days: int = Field(
        default=0,
        ge=0,
        description="Days after which names and addresses are erased from what has ended; 0 keeps them for good.",
    )
    log_level: str = Field(default="INFO", description="Least level of the log.")


def read_settings(**chosen: object) -> Settings:
    """The settings of this process; what is ``chosen`` wins over the variables. Failed(Fix) names the first wrong one."""
    try:
        return Settings.model_validate(Settings().model_dump() | chosen) if chosen else Settings()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name, value = str(first["loc"][0]), str(first["input"])[:80]
        sentence = (
            f"The setting {name} ({value!r}) does not fit: {first['msg']}. Correct TIEOUT_{name.upper()} or the option."
        )
        raise Failed(Fix("settings", sentence, field=name, value=value)) from None
