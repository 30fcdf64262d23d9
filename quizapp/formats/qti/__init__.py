"""What all versions of QTI share: packages and their media, drafts of questions, ids, numbers, refusals and losses."""
