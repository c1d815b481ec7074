"""Exact checks: identities, certificates, implications, regions. No floating point decides anything here."""
