"""Where weights come from and go to: files, other projects' layouts, assembly, export."""
