"""Where the content of documents lies: a folder of this place, or a store that speaks S3
(docs/documents.md)."""
