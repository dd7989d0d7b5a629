"""Configuration of an installation: `env` reads it strictly, `settings` gives it to Django."""
