"""QTI 2 and 3, one model under two vocabularies; the formats qti21 and qti30 are made of it."""
