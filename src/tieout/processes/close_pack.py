"""Looks at a period with everything that Stripe and P21 tell now, and makes its pack: sections, files, and their hashes (C9)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tieout.connectors.p21._face import OpenReceivable
from tieout.domain.close.ages import Receivable, aged
from tieout.domain.close.figures import Figures, Outside
from tieout.domain.close.pack import Section, period_fingerprint
from tieout.domain.close.sections import sections
from tieout.domain.close.verdict import last_line
from tieout.domain.ledger.period import Period
from tieout.kernel.clock import iso
from tieout.kernel.failures import Failed, Fix
from tieout.kernel.money import CURRENCIES, Money
from tieout.nodes._ports import Ports
from tieout.processes._close_csv import csv_file
from tieout.processes._close_html import html_file
from tieout.processes.keep_heads import shown
from tieout.processes.prove_balance import prove_balance
from tieout.processes.prove_receivables import receivables_or_why
from tieout.processes.prove_taxes import taxes_or_why
from tieout.queries.close import close_figures, close_of, period_named
from tieout.queries.disputes import owed_on_disputes
from tieout.queries.ledger import kept_ledger
from tieout.queries.seals import books_sealed, chain_head
from tieout.store.chain import Head
from tieout.store.close_log import REASON, since_reopened

MANIFEST = "manifest.json"
LOOKS_MAX = 3
STAGES_MAX = 500


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that is made: its sections, its last line, its files by name, and the hash of the manifest: the evidence."""

    sections: tuple[Section, ...]
    last_line: str
    files: Mapping[str, bytes]
    evidence: str
    figures: str


def look_at_close(ports: Ports, connection: str, name: str) -> Figures:
    """Every figure of a period, proven now; what another system did not tell is said in ``outside``. Raises Failed."""
    ledger = kept_ledger(ports.books, connection)
    period = period_named(ports.books, ledger, name)
    outside = _receivables(
        ports, ledger.policy.p21, ledger.policy.ledger_currency, period, _stages(ports, ledger.connection)
    )
    owed = receivables_or_why(ports, ledger.connection, ledger.policy.ledger_currency)
    outside = replace(outside, owed=owed, taxes=taxes_or_why(ports, ledger, period))
    for _ in range(LOOKS_MAX):  # rows may arrive between Stripe's balance and the look at the books
        why, off_now = _prove(ports, ledger.connection)
        outside = replace(outside, no_proof=why)
        ledger = kept_ledger(ports.books, ledger.connection)
        figures = close_figures(ports.books, ports.box, ledger, period, outside, ports.clock())
        if why or off_now or not any(one.off for one in figures.proofs):
            break
    return _with_seals(ports, figures)


def _with_seals(ports: Ports, figures: Figures) -> Figures:
    """The journal is whole, and so is what else is under the keyed chain."""
    if figures.chain.broken or ports.keys is None:
        return figures
    wrong = books_sealed(ports.books, ports.keys).wrong
    return replace(figures, chain=replace(figures.chain, broken=wrong[0])) if wrong else figures


def _prove(ports: Ports, connection: str) -> tuple[str, bool]:
    """Why Stripe's balance could not be read, and whether rows, books and Stripe disagree now."""
    try:
        return "", any(one.off for one in prove_balance(ports, connection))
    except Failed as error:
        return error.failure.sentence, False


def _stages(ports: Ports, connection: str) -> Outside:
    """The status of every dispute on which money stands."""
    with ports.books.reading() as db:
        wanted = list(owed_on_disputes(db, connection))[:STAGES_MAX]
    try:
        stripe = ports.connections.stripe(connection) if wanted else None
        found = tuple((one, stripe.dispute(one).status) for one in wanted) if stripe else ()
    except Failed as error:
        return Outside(no_stages=error.failure.sentence)
    return Outside(stages=found)


def _receivables(ports: Ports, p21: str, currency: str, period: Period, outside: Outside) -> Outside:
    if not p21:
        return outside
    try:
        _, company = ports.connections.p21(p21)
        found = aged(_minor(company.open_receivables(), currency), period.ends)
    except Failed as error:
        return replace(outside, no_receivables=error.failure.sentence)
    return replace(outside, receivables=found)


def _minor(found: Iterator[OpenReceivable], home: str) -> Iterator[Receivable]:
    """What P21 tells in major units, in minor ones; one without a currency of its own is in the ledger's."""
    for one in found:
        currency = one.currency if one.currency in CURRENCIES else home
        open_ = Money.rounded(one.open, currency).minor
        yield Receivable(one.invoice_no, one.customer_id, one.invoice_date[:10], one.due_date[:10], open_, currency)


def make_pack(ports: Ports, figures: Figures) -> Pack:
    """The pack of a period as it is known now; the same figures make the same files."""
    _, acts = close_of(ports.books, figures.connection, figures.period.name)
    reasons = [(act.about, act.reason, act.actor) for act in since_reopened(acts) if act.act == REASON]
    parts, last = sections(figures, reasons), last_line(figures)
    files = {f"{part.name}.csv": csv_file(part) for part in parts}
    files["close.html"] = html_file(figures, parts, last)
    manifest = _manifest(figures, last, files, chain_head(ports.books))
    evidence = hashlib.sha256(manifest).hexdigest()
    return Pack(parts, last, {**files, MANIFEST: manifest}, evidence, period_fingerprint(figures))


def _manifest(figures: Figures, last: str, files: Mapping[str, bytes], head: Head | None) -> bytes:
    said = {
        "stripe": figures.connection,
        "period": figures.period.name,
        "begins": figures.period.begins,
        "ends": figures.period.ends,
        "made_at": iso(figures.at),
        "verdict": last,
        "figures_sha256": period_fingerprint(figures),
        "journal": {"entries": figures.chain.seq, "last_hash": figures.chain.hash, "whole": not figures.chain.broken},
        **({"keyed_chain": shown(head)} if head else {}),
        "files_sha256": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    return (json.dumps(said, indent=2, ensure_ascii=False) + "\n").encode()


def write_pack(pack: Pack, folder: Path) -> None:
    """Write the files; the manifest last, so that it never names a file that is not there. Failed(Fix) when it cannot."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in pack.files.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        sentence = f"The pack cannot be written to {folder} ({error.strerror}). Name another folder: --out"
        raise Failed(Fix("close.folder", sentence, field="--out", value=str(folder))) from None


def check_pack(folder: Path, evidence: str) -> Sequence[str]:
    """What is wrong with a pack on disk: the names of files that are gone or are not what was signed."""
    manifest = _read(folder / MANIFEST)
    if manifest is None or hashlib.sha256(manifest).hexdigest() != evidence:
        return [MANIFEST]
    hashes = json.loads(manifest)["files_sha256"]
    found = {name: _read(folder / name) for name in hashes}
    return [
        name
        for name, content in found.items()
        if content is None or hashlib.sha256(content).hexdigest() != hashes[name]
    ]


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
