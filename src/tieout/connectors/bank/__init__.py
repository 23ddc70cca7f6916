"""Bank statements: the bank's own word for what arrived, from a file that a person brings."""

from tieout.connectors.bank._columns import CsvColumns
from tieout.connectors.bank._statement import Balance, Statement
from tieout.connectors.bank.guess import Guess, guess_columns, shape_of
from tieout.connectors.bank.reading import is_table, read_statement

__all__ = ["read_statement", "Statement", "Balance", "CsvColumns", "Guess", "guess_columns", "is_table", "shape_of"]
