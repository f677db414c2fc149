"""What belongs to the lesson on transfer learning."""
