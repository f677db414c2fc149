"""The parts of build_assets.py: fetch packages, convert what is in them, list the result."""
