"""From checked terms to cells: operations on integers, truth, dates and codes that every database does exactly.

``cells`` are the operations, with static bounds on every integer; ``ratios`` hold one number as an integer over a
power of ten and a divisor; ``spans`` hold a number that may be a range; ``lower`` translates terms. An expression that
would need more digits than an engine can hold is refused here, when it is checked, never when it runs.
"""
