"""What all versions of QTI share: packages and their media, cores of items, ids, numbers, refusals and losses."""
