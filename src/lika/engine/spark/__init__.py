"""The third engine: the same cells as Spark SQL, on one machine or a cluster.

Needs the extra ``spark`` and Java 17; nothing else of Lika imports it before a cluster is asked for.
"""
