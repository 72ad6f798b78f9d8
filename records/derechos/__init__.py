"""What a person may ask about their own data: access, correction, erasure, restriction."""
