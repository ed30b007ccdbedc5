"""Officials: rounds, the live board, results, the score, the standings, Excel."""
