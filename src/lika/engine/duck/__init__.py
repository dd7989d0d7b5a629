"""The column engine: criteria compiled to Ibis expressions, run by DuckDB. Only portable expressions are used."""

from lika.engine.duck.facts import evaluate_facts, evaluate_rows
from lika.engine.duck.run import query_of, run

__all__ = ["evaluate_facts", "evaluate_rows", "query_of", "run"]
