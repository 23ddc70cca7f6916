"""``tieout vault``: the key that seals secrets and the chain of the books."""

from __future__ import annotations

import typer

from tieout.cli._figures import so_many
from tieout.cli._shared import ActorName, Folder, Reason, acting, house_of, say
from tieout.operations.rotate_vault import Installation, rotate_vault
from tieout.vault.keys import KeyFile

app = typer.Typer(help="The key that seals secrets and the chain of the books.", no_args_is_help=True)


@app.callback()
def vault() -> None:
    """The key that seals secrets and the chain of the books."""


@app.command("rotate")
def rotate(actor: ActorName = "", reason: Reason = "", folder: Folder = None) -> None:
    """Make a new key and seal every secret with it; the door, the page and workers go on meanwhile."""
    with house_of(folder) as house:
        assert house.ports.keys is not None, "an installation has keys"
        installation = Installation(KeyFile(house.settings.folder), house.vault, house.books, house.ports.keys)
        count = rotate_vault(installation, house.ports.clock(), acting(actor), reason)
    say(f"{so_many(count, 'connection')} sealed with a new key; the old one is gone from {installation.file.path}.")
    say("Copies of vault.key do not open these secrets any more: make a new copy now (tieout backup).", "yellow")
