"""The pack format: YAML files -> checked items -> one resolved, canonical pack. Needs no database."""
