"""``tieout backup`` and ``tieout restore``: one consistent copy of an installation, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tieout.app.backup import make_backup
from tieout.app.house import open_house
from tieout.app.restore import restore as put_back
from tieout.cli._shared import ActorName, Folder, Reason, acting, ended, house_of, say
from tieout.domain.audit.act import Act
from tieout.kernel.failures import Failed
from tieout.operations.raise_alert import raise_alert
from tieout.operations.record_act import record_alone
from tieout.settings import read_settings

Set = Annotated[Path, typer.Argument(help="The folder of the backup; a new one for each.")]


def backup(target: Set, folder: Folder = None) -> None:
    """Copy the installation into a new folder while it works: databases and key, one consistent set."""
    with house_of(folder) as house:
        made = make_backup(house, target)
    say(
        f"Backup of {made.made_at} in {target}: {', '.join(made.files)}. It holds the key: keep it where only you can read it."
    )


def restore(source: Set, folder: Folder = None, actor: ActorName = "", reason: Reason = "") -> None:
    """Put a backup back. What was written to P21 since is looked for there before anything is sent again."""
    settings = read_settings(**({} if folder is None else {"folder": folder}))
    try:
        found, aside = put_back(settings.folder, source)
    except Failed as error:
        raise ended(error) from None
    house = open_house(settings, who=acting(actor))
    at = house.ports.clock()
    record_alone(
        house.books, house.ports.who, Act("restore", str(source), after={"backup": found.made_at}, reason=reason), at
    )
    raise_alert(house.books, "installation.restored", _told(found.made_at), f"{found.made_at} {source}", at)
    house.close()
    say(f"Restored the backup of {found.made_at} into {settings.folder}. What was there before is in {aside}.")
    say(_told(found.made_at))


def _told(made_at: str) -> str:
    return (
        f"The books are those of {made_at}. What was written to P21 since then is looked for there before anything is sent, and "
        "what Stripe told since is caught up. What people did since then (replays, resolutions, approvals, imports, settings) "
        "is not in it: do that again. The worker begins after the settle window."
    )
