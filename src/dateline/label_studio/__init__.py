"""Label Studio's side of the record: the labeling config, and tasks to records and back."""
