"""Which P21 customer a buyer is: evidence, and the verdict it allows."""
