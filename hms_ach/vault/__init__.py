"""Fields encrypted with AES-256-GCM under a key ring."""
