"""Many steps that survive a restart; the clock, dice and network are passed in."""
