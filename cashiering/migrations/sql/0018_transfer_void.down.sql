{function cashiering_session_is_open of 0004_custody}
