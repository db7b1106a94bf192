"""Events told to other systems: recorded with the change, delivered by signed webhooks."""
