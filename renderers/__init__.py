"""Content in, picture out. Nothing here knows of recipes, shards or files."""
