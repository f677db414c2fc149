"""From words to a picture: captions, painted things, a flow that listens, and its judge."""
