"""Leaders, delegates and sampled citizens, each by a personal link."""
