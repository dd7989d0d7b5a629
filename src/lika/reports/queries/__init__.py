"""Named reads of the statistics: tables counted over the current snapshots, and the views that were saved."""
