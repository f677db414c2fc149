"""What ``python3 course.py bench`` runs. Medians to quote; the machine decides the rest."""
