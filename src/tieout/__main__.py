"""Lets ``python -m tieout`` be the command line."""

from tieout.cli import main

main()
