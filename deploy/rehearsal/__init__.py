"""The composed desk, really run on this machine: an engine of its own, stand-ins for images that cannot be pulled.

    python -m deploy.rehearsal

Nothing here is part of the product. What is run is deploy/compose.yaml and deploy/Dockerfile as they stand.
"""
