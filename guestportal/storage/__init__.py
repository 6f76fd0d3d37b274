"""What rests in the database: sealed texts, and keyed hashes to look rows up by. It knows no app and no page."""
