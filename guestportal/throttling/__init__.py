"""Who may still try: counters in the database, proofs of work, attack mode. It knows no app and no page."""
