"""Weekly audits of the service (5.2.26 to 5.2.29): samples, F189, calibration."""
