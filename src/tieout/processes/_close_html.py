"""The close pack as one HTML file that needs nothing else: for the screen in both themes, and for paper (console)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from html import escape
from pathlib import Path

from tieout.domain.close.checklist import BLOCKED, DONE, OPEN
from tieout.domain.close.figures import Figures
from tieout.domain.close.pack import CODE, RIGHT, STATE, WORDS, Cell, Column, Section
from tieout.domain.close.words import MINUS, moment, shown
from tieout.kernel.money import Money

STYLE = Path(__file__).with_name("close_pack.css")
MARKS = {
    DONE: ("good", "✓"), "tied out": ("good", "✓"), OPEN: ("wait", "○"), "waits": ("wait", "○"),
    BLOCKED: ("bad", "✕"), "broken": ("bad", "✕"), "not looked at": ("bad", "✕"),
}  # fmt: skip


def html_file(figures: Figures, sections: tuple[Section, ...], last_line: str) -> bytes:
    """The whole document. Whatever other systems wrote is escaped where it is put in."""
    period = figures.period
    title = f"Close of {period.name} · {figures.connection}"
    links = "".join(f'<a href="#{one.name}">{escape(one.title)}</a>' for one in sections)
    body = "".join(_section(one) for one in sections)
    when = (
        f"{period.begins} to {period.ends}, {figures.zone}. Books in {figures.currency.upper()}. "
        f"Made {moment(figures.at, figures.zone)}."
    )
    chain = f"Journal: {figures.chain.seq:,} entries, last hash {figures.chain.hash}"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE.read_text(encoding='utf-8')}</style></head><body><main>"
        f'<header><h1>{escape(title)}</h1><p>{escape(when)}</p><p class="verdict">{escape(last_line)}</p></header>'
        f'<nav aria-label="Sections">{links}</nav>{body}<footer>{escape(chain)}</footer></main></body></html>\n'
    ).encode()


def _section(section: Section) -> str:
    lines = "".join(f'<p class="line">{escape(one)}</p>' for one in section.lines)
    foot = f'<p class="foot">{escape(section.foot)}</p>' if section.foot else ""
    table = _table(section) if section.rows else f'<p class="none">{escape(section.empty)}</p>'
    return f'<section id="{section.name}"><h2>{escape(section.title)}</h2>{lines}{table}{foot}</section>'


def _table(section: Section) -> str:
    head = "".join(f'<th scope="col"{_class(one)}>{escape(one.title)}</th>' for one in section.columns)
    rows = "".join(f"<tr>{''.join(_cells(section.columns, row))}</tr>" for row in section.rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _cells(columns: tuple[Column, ...], row: tuple[Cell, ...]) -> Iterator[str]:
    for column, cell in zip(columns, row, strict=True):
        yield f"<td{_class(column)}>{_state(str(cell)) if column.kind == STATE else _text(cell)}</td>"


def _class(column: Column) -> str:
    name = "n" if column.kind in RIGHT else {CODE: "code", WORDS: "words"}.get(column.kind, "")
    return f' class="{name}"' if name else ""


def _state(word: str) -> str:
    look, mark = MARKS.get(word, ("", ""))
    return f'<span class="state {look}"><span aria-hidden="true">{mark}</span> {escape(word)}</span>'


def _text(cell: Cell) -> str:
    if isinstance(cell, Money):
        amount, _, code = shown(cell.minor, cell.currency).rpartition(" ")
        return f'{escape(amount)} <span class="cur">{escape(code)}</span>'
    if isinstance(cell, int | Decimal):
        return escape(f"{cell:,}".replace("-", MINUS))
    return escape(cell or "")
