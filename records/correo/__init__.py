"""Mail: letters, the queue in which they wait, addresses, what came back."""
