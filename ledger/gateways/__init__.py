"""What is outside the process: the limited child that runs transforms, and where batches are delivered."""
