"""What was given and received, in both directions: joined, filtered, counted, paged and exported."""
