"""What several tests of the room need: the real network and a photo."""

from topics.fixtures import net, one_thread, photo  # noqa: F401
