"""Looking across households for what `lika.policy.patterns` declares: set by set, in the owner's transaction.

What is found stands in the temporary table `found_lead` (`FOUND`) until the transaction ends, for whoever keeps it.
Nothing of it leaves the database. Pairs are found where both sides lie in the area: a county is not told of another.

PostgreSQL and not a snapshot does the work: only the register holds the blind indexes of numbers, accounts and
telephones, the spelling of names and who once belonged to which household; a snapshot holds none of these.
"""

from lika.register.queries.leads.searching import FOUND, SEARCHES, Asked, search

__all__ = ["FOUND", "SEARCHES", "Asked", "search"]
