"""Claims from a user's file: loading, validation, the template, pytest items."""
