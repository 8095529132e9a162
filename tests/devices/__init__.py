"""Tests of dbt/devices."""
