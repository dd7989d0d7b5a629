"""The snapshot format: a folder of Parquet files, one per unit and county, and a manifest that names and hashes each.

    621223-…/manifest.json
             manifest.sig              only where the snapshot was signed
             household/county=621223.parquet
             village/county=621223.parquet …

A snapshot never changes. Rows are sorted by division and unit; there are no names, numbers, telephones or accounts.
"""
