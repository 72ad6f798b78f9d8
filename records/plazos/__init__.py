"""Business days and terms: which days count, until when something is due, and why that day."""
