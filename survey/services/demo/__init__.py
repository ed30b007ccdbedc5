"""The demonstration: one round of each population, filled by a simulator that says so everywhere."""

from survey.services.demo.run import DemoResult, run_demo

__all__ = ["DemoResult", "run_demo"]
