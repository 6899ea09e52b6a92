"""Cadence: email sequences for deals that were lost, sent from the rep's own mailbox, replies read."""
