"""An imitation of a Confluence Cloud site with an audit log, for `--demo`, `demo-site` and the tests."""

RECORDS = 20_000
"""What the site has by itself: about a year of a busy one."""
