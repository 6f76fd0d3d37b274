"""The vendor's JSON, exactly, as structs. Only this package's services and the mapping to domain values see them."""
