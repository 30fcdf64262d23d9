"""What every version of QTI shares: the packages in which it travels."""
