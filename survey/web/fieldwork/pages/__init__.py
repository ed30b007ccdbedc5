"""Pages left unfinished: how far people come in a round's forms."""
