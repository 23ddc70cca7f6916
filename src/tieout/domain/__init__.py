"""The rules: what is true whatever database, network or hour it is. No I/O, no clock, no dice."""
