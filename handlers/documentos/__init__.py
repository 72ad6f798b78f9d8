"""Where the content of documents lies: a folder of this place, or a store that speaks S3; whoever looks for
viruses in it (docs/documents.md)."""
