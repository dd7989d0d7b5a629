"""Named reads of snapshots, screenings and verdicts. Each takes the actor and gives nothing outside their scope."""
