"""The province's review: alarms, quarantine, conflicts, requests of two persons, exclusions."""
