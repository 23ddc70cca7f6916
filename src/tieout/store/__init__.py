"""The database: tables, and ``transaction`` as the only place that commits."""
