"""What the console's pages show, put together from the queries of the apps below."""
