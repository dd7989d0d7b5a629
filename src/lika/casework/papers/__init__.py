"""The papers of casework: what each is given, and the template that sets it."""
