"""Keeps the head of the chain elsewhere, and reads it again: what is cut off at the end, or made anew, shows by it (case D2)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tieout.kernel.clock import iso
from tieout.kernel.failures import Failed, Fix
from tieout.queries.seals import chain_head
from tieout.store.chain import Head
from tieout.store.database import Database

FILE = "chain-heads.jsonl"
MANIFEST = "manifest.json"
LAST_BYTES = 4096


def keep_heads(books: Database, files: Sequence[Path]) -> Head | None:
    """Append the head to each file, unless it is the last there already. Failed(Fix) names a file that cannot be written."""
    head = chain_head(books)
    if head is not None:
        for file in files:
            _append(file, json.dumps(shown(head)) + "\n")
    return head


def shown(head: Head) -> dict[str, object]:
    """A head as it stands in files."""
    return {"chain": head.seq, "mark": head.mark, "entries": head.entries, "sealed_at": iso(head.at), "at": head.at}


def kept_heads(place: Path) -> list[Head]:
    """The heads in a file, or in the signed packs of a folder, oldest first. Failed(Fix) when there is none."""
    files = sorted(place.rglob(MANIFEST)) if place.is_dir() else [place]
    found = sorted((head for file in files for head in _heads(file)), key=lambda head: head.seq)
    if not found:
        sentence = (
            f"{place} holds no head of the chain. Name a file that tieout ledger head has written, "
            "or the folder of a signed pack."
        )
        raise Failed(Fix("chain.no_head", sentence, field="--against", value=str(place)))
    return found


def _heads(file: Path) -> Iterator[Head]:
    try:
        text = file.read_text(encoding="utf-8")
        documents = [json.loads(text)] if file.name == MANIFEST else [json.loads(line) for line in text.splitlines()]
        for one in documents:
            said: Mapping[str, Any] = one["keyed_chain"] if file.name == MANIFEST else one
            at = float(said["at"])  # seconds
            yield Head(int(said["chain"]), at, str(said["mark"]), int(said["entries"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        if file.name == MANIFEST and isinstance(error, KeyError):
            return  # a pack from before there was a keyed chain
        sentence = f"{file} cannot be read as heads of the chain ({error}). Name the file as it was written."
        raise Failed(Fix("chain.no_head", sentence, field="--against", value=str(file))) from None


def _append(file: Path, line: str) -> None:
    try:
        with file.open("a+b") as kept:
            size = kept.seek(0, os.SEEK_END)
            kept.seek(max(0, size - LAST_BYTES))
            if not kept.read().endswith(line.encode()):
                kept.write(line.encode())
                kept.flush()
                os.fsync(kept.fileno())
    except OSError as error:
        sentence = (
            f"The head of the chain cannot be written to {file} ({error.strerror}). Correct the file or its folder."
        )
        raise Failed(Fix("chain.head_file", sentence, field="heads_file", value=str(file))) from None
