"""Windows of `b`: where elements wait until every group has used them."""
