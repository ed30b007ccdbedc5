"""People who run the fieldwork: devices, slips, invitations, assignments, paper, imports, review.

One folder a subject below, each with `views.py`, `forms.py` and `presenters.py`.
"""
