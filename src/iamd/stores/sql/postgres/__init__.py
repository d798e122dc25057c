"""The store on PostgreSQL, shared by any number of nodes; see docs/decisions. Imported only where it is asked for."""
