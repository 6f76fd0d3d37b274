"""Who the guest is and what the guest holds: sign-in, credentials, balances."""
