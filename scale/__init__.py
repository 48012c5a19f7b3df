"""Bulk extraction: files in, event tables out, on one machine; killed at any moment it goes on where it stood.

    inputs ─► reports ─► parts ─► gate, Labeler ─► part files ─► tables
    inventory  reading    parts   read (in worker processes)     assemble

`read.read_items` is the pure step in the middle, documents in and records out; everything around it is files,
processes and order. A cluster would replace `crew` alone.
"""
