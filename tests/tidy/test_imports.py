"""What the two lowest floors may import; the other floors are contracts in pyproject.toml."""

from __future__ import annotations

import sys

from tests.tidy.repository import PRODUCT, ROOT, imports, named

DOMAIN = [path for path in PRODUCT if path.is_relative_to(ROOT / "src/tieout/domain")]
KERNEL = [path for path in PRODUCT if path.is_relative_to(ROOT / "src/tieout/kernel")]
# A clock, dice, files, a network: all of them are handed in.
IMPURE = {
    "asyncio",
    "glob",
    "http",
    "os",
    "random",
    "secrets",
    "shutil",
    "socket",
    "sqlite3",
    "tempfile",
    "threading",
    "time",
    "urllib",
}


def test_domain_and_kernel_need_only_the_standard_library() -> None:
    own = {*sys.stdlib_module_names, "tieout"}
    assert not {named(module): foreign for module in [*DOMAIN, *KERNEL] if (foreign := imports(module) - own)}


def test_the_domain_has_no_clock_no_dice_no_files_and_no_network() -> None:
    assert not {named(module): impure for module in DOMAIN if (impure := imports(module) & IMPURE)}


def test_only_one_module_knows_which_database_it_is() -> None:
    words = ("sqlalchemy.dialects", "sqlite_where", "postgresql_where", "sqlite_sequence", "json_extract", "db.dialect")
    found = {
        named(module): said
        for module in PRODUCT
        if module.name != "dialect.py"
        and (said := [word for word in words if word in module.read_text(encoding="utf-8")])
    }
    assert not found, "write it in store/dialect.py, for both databases"
