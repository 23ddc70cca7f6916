"""The file a workflow is kept in: TOML, always written in the same order, so that a diff shows what changed."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from tieout.domain.workflow.definition import FORMAT, Node, Setting, Trigger, Workflow
from tieout.kernel.failures import Failed, Fix

FILE_CHARACTERS_MAX = 256 * 1024
WHOLE_NUMBER_MAX = 2**53
DEPTH_MAX = 20
BYTE_ORDER_MARK = "\ufeff"
_TOP = ("format", "name", "title", "note", "trigger", "settings", "tables", "nodes")
_NODE = ("id", "type", "title", "into", "next", "settings")
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def read(text: str) -> Workflow:
    """The workflow in a file's text, with or without a byte order mark. Failed(Fix) names the line or field that is wrong and what it should be."""
    text = text.removeprefix(BYTE_ORDER_MARK)
    if len(text) > FILE_CHARACTERS_MAX:
        raise _wrong("file", f"{len(text)} characters", f"keep it under {FILE_CHARACTERS_MAX}")
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        sentence = f"This is not TOML: {error}. Correct it at that place."
        raise Failed(Fix("workflow.file", sentence, field="file", value=str(error)[:80])) from None
    _bounded(raw)
    return _workflow(raw)


def write(workflow: Workflow) -> str:
    """The file's text; reading it gives an equal workflow, writing that gives the same text."""
    head: dict[str, Setting] = {"format": FORMAT, "name": workflow.name, "title": workflow.title, "note": workflow.note}
    lines = [f"{key} = {_value(value)}" for key, value in head.items() if value not in ("", None)]
    lines += ["", "[trigger]", f"fact = {_value(workflow.trigger.fact)}"]
    lines += [f"also = {_value(list(workflow.trigger.also))}"] if workflow.trigger.also else []
    lines += [f"when = {_value(workflow.trigger.when)}"] if workflow.trigger.when else []
    if workflow.settings:
        lines += ["", "[settings]", *_pairs(workflow.settings)]
    for name in sorted(workflow.tables):
        lines += ["", f"[tables.{_key(name)}]", *_pairs(dict(sorted(workflow.tables[name].items())))]
    for node in workflow.nodes:
        lines += ["", *_node_lines(node)]
    return "\n".join(lines) + "\n"


def _bounded(raw: Mapping[str, Any]) -> None:
    waiting: list[tuple[tuple[str, ...], Any]] = [((), raw)]
    while waiting:
        path, value = waiting.pop()
        if len(path) > DEPTH_MAX:
            raise _wrong(".".join(path), "nested too deeply", f"keep it to {DEPTH_MAX} levels")
        if isinstance(value, int) and abs(value) > WHOLE_NUMBER_MAX:
            raise _wrong(".".join(path), "a very large number", f"write at most {WHOLE_NUMBER_MAX}")
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        waiting.extend(((*path, str(key)), one) for key, one in inner)


def _workflow(raw: Mapping[str, Any]) -> Workflow:
    _only(raw, _TOP, "")
    if raw.get("format") != FORMAT:
        raise _wrong("format", raw.get("format"), f"this Tieout reads format {FORMAT}")
    trigger = _table(raw, "trigger")
    _only(trigger, ("fact", "also", "when"), "trigger.")
    nodes = raw.get("nodes", [])
    if not isinstance(nodes, list) or not nodes or not all(isinstance(node, dict) for node in nodes):
        raise _wrong("nodes", nodes, "write at least one [[nodes]] table")
    return Workflow(
        name=_text(raw, "name", needed=True),
        title=_text(raw, "title", needed=True),
        note=_text(raw, "note"),
        trigger=_trigger(trigger),
        settings=_table(raw, "settings"),
        tables={name: _rows(name, rows) for name, rows in _table(raw, "tables").items()},
        nodes=tuple(_node(node, i) for i, node in enumerate(nodes)),
    )


def _trigger(raw: Mapping[str, Any]) -> Trigger:
    also = raw.get("also", [])
    if not isinstance(also, list) or not all(isinstance(kind, str) for kind in also):
        raise _wrong("trigger.also", also, "write a list of facts in quotes")
    return Trigger(_text(raw, "fact", "trigger.", needed=True), _text(raw, "when", "trigger."), tuple(also))


def _node(raw: Mapping[str, Any], place: int) -> Node:
    where = f"nodes[{place}]."
    _only(raw, _NODE, where)
    texts = {key: _text(raw, key, where, needed=key in ("id", "type")) for key in _NODE[:-1]}
    return Node(**texts, settings=_table(raw, "settings", where))


def _only(raw: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for key in raw:
        if key not in known:
            raise _wrong(where + key, raw[key], f"known here: {', '.join(known)}")


def _text(raw: Mapping[str, Any], key: str, where: str = "", *, needed: bool = False) -> str:
    value = raw.get(key, "")
    if not isinstance(value, str) or (needed and not value):
        raise _wrong(where + key, value, "write a text in quotes")
    return value


def _table(raw: Mapping[str, Any], key: str, where: str = "") -> dict[str, Any]:
    value = raw.get(key, {})
    if not isinstance(value, dict):
        raise _wrong(where + key, value, f"write a table [{where}{key}]")
    _plain(value, where + key)
    return value


def _plain(value: Any, where: str) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _plain(inner, f"{where}.{key}")
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            _plain(inner, f"{where}[{i}]")
    elif not isinstance(value, bool | int | str):
        raise _wrong(where, value, "use a text, a whole number or true/false; write decimals as text: '0.05'")


def _rows(name: str, rows: Any) -> dict[str, str]:
    if not isinstance(rows, dict) or not all(isinstance(value, str) for value in rows.values()):
        raise _wrong(f"tables.{name}", rows, "each row is key = 'text'")
    return rows


def _wrong(field: str, value: object, do: str) -> Failed:
    shown = str(value)[:80]
    what = "is missing" if value in (None, "", []) else f"is {shown!r}"
    return Failed(Fix("workflow.file", f"{field} {what}: {do}.", field=field, value=shown))


def _node_lines(node: Node) -> list[str]:
    plain = {key: getattr(node, key) for key in _NODE[:-1]}
    lines = ["[[nodes]]", *(f"{key} = {_value(value)}" for key, value in plain.items() if value)]
    if node.settings:
        lines += ["[nodes.settings]", *_pairs({k: v for k, v in node.settings.items() if not isinstance(v, dict)})]
        for key, table in node.settings.items():
            if isinstance(table, dict):
                lines += [f"[nodes.settings.{_key(key)}]", *_pairs(table)]
    return lines


def _pairs(table: Mapping[str, Setting]) -> list[str]:
    return [f"{_key(key)} = {_value(value)}" for key, value in table.items()]


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _basic(key)


def _value(value: Setting) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return "[" + ", ".join(_value(inner) for inner in value) + "]"
    return "{ " + ", ".join(f"{_key(key)} = {_value(inner)}" for key, inner in value.items()) + " }"


def _quoted(text: str) -> str:
    if text.isprintable() and "'" in text and '"' not in text and "\\" not in text:
        return f'"{text}"'
    if (
        "\n" in text
        and "'''" not in text
        and not text.endswith("'")
        and all(c.isprintable() or c == "\n" for c in text)
    ):
        return f"'''\n{text}'''"
    return f"'{text}'" if text.isprintable() and "'" not in text else _basic(text)


def _basic(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
