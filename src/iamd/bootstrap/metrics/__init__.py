"""What a server measures of itself, for Prometheus: collected in each process, added up, printed."""
