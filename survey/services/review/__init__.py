"""What people look at: alarms, quarantine, exclusions, two persons' consent."""
