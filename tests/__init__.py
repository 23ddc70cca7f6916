"""The tests of Tieout."""
