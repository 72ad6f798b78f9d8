"""Where work is done: points, desks, devices, municipalities, the agency itself."""
