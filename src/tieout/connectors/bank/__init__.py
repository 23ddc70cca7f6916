"""Bank statements: the bank's own word for what arrived, from a file that a person brings."""

from tieout.connectors.bank._columns import CsvColumns
from tieout.connectors.bank._statement import Balance, Statement
from tieout.connectors.bank.reading import read_statement

__all__ = ["read_statement", "Statement", "Balance", "CsvColumns"]
