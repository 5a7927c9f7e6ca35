"""Pure rules: plain values in, frozen values out; no session, no clock, no network."""
