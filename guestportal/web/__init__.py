"""HTTP glue without business: headers, languages, sessions, logs, error pages, filters."""
