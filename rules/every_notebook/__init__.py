"""The rules for one notebook by itself, one file each: `rule(page)` returns its problems."""
