"""The criteria language and its engines. Knows nothing of the web, the database or any policy."""
