"""The other files read as text: scripts, documents, locks, and what no file may name."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.tidy.repository import ROOT, named, text_files
from tieout.cli.main import VERSION

# Written in two pieces, so that this file holds to its own rule.
HOSTS = [
    "pypi." + "org",
    "python" + "hosted",
    "registry." + "npmjs",
    "deb." + "debian",
    "proxy." + "golang",
    "index." + "crates",
]
FOLDERS = ["home", "root", "work", "Users"]
ONE_MACHINE = re.compile("(?<![\\w.~}>-])/(" + "|".join(FOLDERS) + ")/")
SCRATCH = re.compile("(?<![\\w.~}-])/" + "tmp/")


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def test_the_version_is_the_one_of_the_package() -> None:
    assert tomllib.loads(text(ROOT / "pyproject.toml"))["project"]["version"] == VERSION


def test_no_file_names_a_registry() -> None:
    for path in text_files():
        found = [host for host in HOSTS if host in text(path)]
        assert not found, f"{named(path)} names {found}: where packages come from is for who installs to say"


def test_no_file_names_a_path_of_one_machine() -> None:
    for path in text_files():
        found = ONE_MACHINE.search(text(path))
        assert not found, f"{named(path)} names {found[0] if found else ''}…, which is there on one machine only"


def test_the_product_writes_nowhere_it_was_not_told_to() -> None:
    for path in text_files():
        if path.is_relative_to(ROOT / "src"):
            assert not SCRATCH.search(text(path)), f"{named(path)} names a folder of the system"


def test_scripts_are_posix_and_can_be_started() -> None:
    for path in text_files():
        first = text(path).partition("\n")[0]
        executable = bool(path.stat().st_mode & 0o111)
        assert executable == first.startswith("#!"), (
            f"{named(path)}: first line '{first[:30]}', executable: {executable}"
        )
        if first == "#!/bin/sh":
            checked = subprocess.run(["sh", "-n", path], capture_output=True, text=True, check=False)
            assert checked.returncode == 0, checked.stderr
        assert "bash" not in first, f"{named(path)} needs bash; write it for sh"


def test_locks_hold_what_is_asked_for_with_hashes() -> None:
    project = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]
    tools = [line for line in text(ROOT / "requirements-test.in").splitlines() if line and not line.startswith("#")]
    run, test = locked("requirements-run.lock"), locked("requirements-test.lock")
    assert_meets(run, project["dependencies"])
    assert_meets(test, [*project["dependencies"], *tools])
    assert run.items() <= test.items(), "requirements-test.lock has other versions than requirements-run.lock; ./lock"


def locked(lock: str) -> dict[str, str]:
    """Name to version; every one with a hash, and nothing but names, versions and hashes."""
    entries = text(ROOT / lock).replace("\\\n", " ").splitlines()
    assert all("--hash=sha256:" in entry and "://" not in entry for entry in entries), f"{lock}: not made by ./lock"
    pins = [Requirement(entry.partition("--hash")[0]) for entry in entries]
    return {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in pins}


def assert_meets(versions: dict[str, str], wanted: list[str]) -> None:
    for each in map(Requirement, wanted):
        version = versions.get(canonicalize_name(each.name))
        assert version is not None, f"{each.name} is in no lock; ./lock"
        assert each.specifier.contains(version), f"{each} does not allow the locked {version}; ./lock"


def test_decisions_have_a_number_each_and_are_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    files = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert len({name[:4] for name in files}) == len(files), "two decisions have one number"
    index = text(folder / "README.md")
    assert all(f"({name})" in index for name in files), "docs/decisions/README.md leaves one out"


def test_links_between_documents_lead_somewhere() -> None:
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", text(path)):
            assert (path.parent / target).exists(), f"{named(path)} links to {target}, which is not there"
