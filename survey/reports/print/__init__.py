"""What is printed: paper forms, slips and invitations, each typeset from plain values to a PDF."""
