"""The risk share: an agreement's rules applied to the year's variance (docs/rules.md)."""
