"""Our sheet of questions, one question a row; the formats csv_sheet and xlsx_sheet are made of it."""
