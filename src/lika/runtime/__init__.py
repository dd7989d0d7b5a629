"""What runs before and around Django: the database server, ports, child processes, compiled translations.

Nothing here imports Django or an app, so that it works when the configuration is broken.
"""
