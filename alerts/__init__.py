"""From an incident's update to an answered mail: levels, rules, stages, ledger, outbox, mail."""
