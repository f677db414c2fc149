"""The parts of ``course.py``: standard library only, on any operating system."""


class CourseError(Exception):
    """Something the user can mend; the message is one plain sentence that says how."""
