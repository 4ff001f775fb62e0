"""The alert mail: text, HTML and curve from one picture of an incident."""
