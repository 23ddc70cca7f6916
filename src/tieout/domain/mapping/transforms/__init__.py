"""The functions of the expression language, one a file; each is found by its constant ``TRANSFORM``."""
