"""People who key paper forms and ask again: one page a form, built for the keyboard."""
