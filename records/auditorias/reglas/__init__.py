"""Pure rules: sample, F189, calibration."""
