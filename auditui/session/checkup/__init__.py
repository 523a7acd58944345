"""What will decide whether auditui works here: accounts, network, folders and site, a module each. Never shows a token."""
