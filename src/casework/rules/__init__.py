"""Rules: instances of few kinds, indexed in a book, read against one dossier at one moment."""
