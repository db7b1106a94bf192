REVOKE UPDATE (sending) ON cashiering_refund FROM {app};
