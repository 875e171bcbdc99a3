"""The rules for one page by itself, one file each: `rule(page)` returns its problems."""
