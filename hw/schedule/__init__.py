"""Who runs when: windows of the dense side, beats of the sparse side."""
