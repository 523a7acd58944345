"""An imitation of a Confluence Cloud site with an audit log, for `--demo`, `demo-site` and the tests."""
