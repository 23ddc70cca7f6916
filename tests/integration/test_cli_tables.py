"""The look-up tables on the command line: set, import, history, restore, each with a reason and an act (case A10)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.command_line import tieout


def said(folder: Path, *words: str) -> str:
    ran = tieout(folder, *words)
    assert ran.status == 0, ran
    return ran.out


def rows(folder: Path, name: str = "items") -> dict[str, tuple[str, str]]:
    found: list[dict[str, Any]] = json.loads(said(folder, "tables", "show", name, "--json"))
    return {one["key"]: (one["value"], one["unit"]) for one in found}


def test_a_table_is_set_imported_shown_and_restored_and_every_change_is_an_act(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    said(folder, "tables", "set", "items", "W-1", "WASHER", "--unit", "EA", "--reason", "sold singly")
    file = tmp_path / "items.csv"
    file.write_text("sku,item,unit\nW-1,WASHER,CS\nfee:*,HANDLING,\n", encoding="utf-8")
    assert "version 2" in said(folder, "tables", "import", "items", str(file), "--reason", "the new list")
    assert rows(folder) == {"W-1": ("WASHER", "CS"), "fee:*": ("HANDLING", "")}
    assert "Nothing changed" in said(folder, "tables", "import", "items", str(file), "--reason", "again")
    assert "version 3" in said(folder, "tables", "restore", "items", "1", "--reason", "the list was wrong")
    assert rows(folder) == {"W-1": ("WASHER", "EA")}
    history = json.loads(said(folder, "tables", "history", "items", "--json"))
    assert [(one["version"], one["reason"]) for one in history] == [
        (3, "the list was wrong"),
        (2, "the new list"),
        (1, "sold singly"),
    ]
    acts = said(folder, "audit", "list", "--json")
    assert "tables.restore" in acts
    assert "the list was wrong" in acts


def test_a_change_without_a_reason_and_a_file_with_a_double_key_change_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    refused = tieout(folder, "tables", "set", "items", "W-1", "WASHER")
    assert refused.status != 0
    assert "--reason" in refused.err
    file = tmp_path / "items.csv"
    file.write_text("key,value\nA,WIDGET-001\nA,WIDGET-002\n", encoding="utf-8")
    refused = tieout(folder, "tables", "import", "items", str(file), "--reason", "x")
    assert refused.status != 0
    assert "line 3 'A' stands twice" in refused.err
    assert rows(folder) == {}
