from pathlib import Path

from setuptools import find_packages, setup


def requirements():
    """The pinned packages of requirements.txt, without its comments."""
    lines = (Path(__file__).parent / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


setup(
    name="helpdesk-backend",
    version="1.0.0",
    description="The Helpdesk's API",
    license="MIT",
    python_requires=">=3.11",
    packages=find_packages(include=["helpdesk", "helpdesk.*", "tickets", "tickets.*"]),
    install_requires=requirements(),
)
