"""`fenxiao import`: lists from other systems, a file of rows each."""
