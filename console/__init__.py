"""The web desk: situation, incident, search; acknowledge, assign, answer."""
