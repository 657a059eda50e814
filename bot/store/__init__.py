"""The store: one file of tables, engines that keep what was measured, and verbs grouped by what they serve."""
