"""Files from outside: what is read, what is refused, what is handed back."""
