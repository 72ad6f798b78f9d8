"""Documents: what a file is that somebody sent, how it is kept and swept, how one is set as PDF or as a
list for spreadsheets."""
