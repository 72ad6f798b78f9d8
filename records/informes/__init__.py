"""Figures and reports: indicators, days summed up, months closed, reports of points, outages."""
