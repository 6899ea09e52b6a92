"""Mail: MIME in and out, what a message says, and the wire (SMTP, IMAP)."""
