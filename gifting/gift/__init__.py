"""What a gift is: read, dated, worded; and the reading calls. It knows neither the ledger nor any slice."""
