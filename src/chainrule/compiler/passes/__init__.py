"""Passes over programs: simpler, stabler, in few words."""
