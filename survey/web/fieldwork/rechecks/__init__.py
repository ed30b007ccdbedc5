"""Officials and the re-check: samples drawn by the server, and what asking again found."""
