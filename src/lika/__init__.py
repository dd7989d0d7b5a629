"""Lika (立卡): the open platform for targeted poverty alleviation."""

from importlib.metadata import version

__version__ = version("lika")
