"""The criteria language and its engines. Knows nothing of the web, the database or any policy.

``parser`` reads text into the tree of ``nodes``; ``checker`` resolves names against a ``schema`` and gives the checked
tree of ``typed``; ``reference`` evaluates it slowly and obviously; ``lowering`` translates it to exact integer
operations, which ``duck`` runs over tables; ``explain`` says in words how a value came about. Refusals are in
``errors``, their texts in ``messages``, facts documents in ``facts_json``.
"""
