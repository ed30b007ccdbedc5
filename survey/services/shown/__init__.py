"""What summaries may show."""
