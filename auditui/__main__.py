"""`python -m auditui`."""

from auditui.cli import run

if __name__ == "__main__":
    run()
